//! Kafka's deserializers, by the names of their classes, as the text that Java prints.

mod java_text;
mod list;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

pub(crate) use java_text::push_java_utf8;
use java_text::{Charset, parse_uuid, push_bytes, push_double, push_float};
use list::Inner;

/// The package of all deserializers that Kafka has.
const PACKAGE: &str = "org.apache.kafka.common.serialization.";

/// Turns the bytes of a key, a value or a header into text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deserializer {
    /// The bytes themselves. (Java prints the address of the array, which nobody can mean.)
    ByteArray,
    /// How Java describes a buffer of so many bytes.
    ByteBuffer,
    /// Bytes that are no ASCII letter or sign as `\xNN`.
    Bytes,
    /// One byte, 0 or 1.
    Boolean,
    /// Two bytes.
    Short,
    /// Four bytes.
    Integer,
    /// Eight bytes.
    Long,
    /// Four bytes, IEEE 754.
    Float,
    /// Eight bytes, IEEE 754.
    Double,
    /// Text.
    Text(Charset),
    /// The text form of a UUID.
    Uuid(Charset),
    /// Nothing at all: any bytes are an error.
    Void,
    /// Several of one kind.
    List(Box<Inner>),
}

/// Bytes that a deserializer cannot take, in Kafka's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Undecodable {
    /// The class of the exception that Kafka's tool shows.
    class: &'static str,
    message: String,
}

impl Undecodable {
    fn serialization(message: impl Into<String>) -> Self {
        Self {
            class: "org.apache.kafka.common.errors.SerializationException",
            message: message.into(),
        }
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl std::error::Error for Undecodable {}

impl Deserializer {
    /// The names of those that exist, without their package.
    pub(crate) const NAMES: [&'static str; 13] = [
        "StringDeserializer",
        "BytesDeserializer",
        "ByteArrayDeserializer",
        "ByteBufferDeserializer",
        "BooleanDeserializer",
        "ShortDeserializer",
        "IntegerDeserializer",
        "LongDeserializer",
        "FloatDeserializer",
        "DoubleDeserializer",
        "UUIDDeserializer",
        "VoidDeserializer",
        "ListDeserializer",
    ];

    /// Returns the names of those that exist, whole.
    pub(crate) fn class_names() -> impl Iterator<Item = String> {
        Self::NAMES.iter().map(|name| format!("{PACKAGE}{name}"))
    }

    /// Finds a deserializer by the whole name of its class, with the properties that are its own.
    ///
    /// # Errors
    ///
    /// There is no such class, or its properties make no sense: what is wrong.
    pub(crate) fn from_class(
        class: &str,
        settings: &BTreeMap<&str, &str>,
        is_key: bool,
    ) -> Result<Self, String> {
        let Some(kind) =
            class.strip_prefix(PACKAGE).and_then(|name| name.strip_suffix("Deserializer"))
        else {
            return Err("there is no such class".to_owned());
        };
        if kind == "List" {
            return Inner::from_settings(settings, is_key).map(|inner| Self::List(Box::new(inner)));
        }
        Self::of_kind(kind, settings, is_key)
    }

    /// Finds a deserializer by what stands before `Deserializer` or `Serde` in a class name.
    fn of_kind(kind: &str, settings: &BTreeMap<&str, &str>, is_key: bool) -> Result<Self, String> {
        let charset = || Charset::from_settings(settings, is_key);
        Ok(match kind {
            "ByteArray" => Self::ByteArray,
            "ByteBuffer" => Self::ByteBuffer,
            "Bytes" => Self::Bytes,
            "Boolean" => Self::Boolean,
            "Short" => Self::Short,
            "Integer" => Self::Integer,
            "Long" => Self::Long,
            "Float" => Self::Float,
            "Double" => Self::Double,
            "String" => Self::Text(charset()?),
            "UUID" => Self::Uuid(charset()?),
            "Void" => Self::Void,
            _ => return Err("there is no such class".to_owned()),
        })
    }

    /// Appends the text of `bytes` to `out`.
    ///
    /// # Errors
    ///
    /// These are not the bytes of such a value; `out` is as it was.
    pub(crate) fn write(&self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Undecodable> {
        // Writing to a Vec cannot fail.
        let _ = match self {
            Self::ByteArray => out.write_all(bytes),
            Self::ByteBuffer => {
                let length = bytes.len();
                write!(out, "java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]")
            }
            Self::Bytes => {
                push_bytes(bytes, out);
                Ok(())
            }
            Self::Boolean => match sized(bytes, "BooleanDeserializer")? {
                [0] => out.write_all(b"false"),
                [1] => out.write_all(b"true"),
                [other] => {
                    let other = other as i8;
                    return Err(Undecodable::serialization(format!(
                        "Unexpected byte received by BooleanDeserializer: {other}"
                    )));
                }
            },
            Self::Short => {
                write!(out, "{}", i16::from_be_bytes(sized(bytes, "ShortDeserializer")?))
            }
            Self::Integer => {
                write!(out, "{}", i32::from_be_bytes(sized(bytes, "IntegerDeserializer")?))
            }
            Self::Long => {
                write!(out, "{}", i64::from_be_bytes(sized(bytes, "LongDeserializer")?))
            }
            // These two name no class in Kafka.
            Self::Float => {
                push_float(f32::from_be_bytes(sized(bytes, "Deserializer")?), out);
                Ok(())
            }
            Self::Double => {
                push_double(f64::from_be_bytes(sized(bytes, "Deserializer")?), out);
                Ok(())
            }
            Self::Text(charset) => {
                charset.push(bytes, out);
                Ok(())
            }
            Self::Uuid(charset) => {
                let mut text = Vec::new();
                charset.push(bytes, &mut text);
                let uuid = std::str::from_utf8(&text).ok().and_then(parse_uuid);
                let bad = || Undecodable::serialization("Error parsing data into UUID");
                write!(out, "{}", uuid.ok_or_else(bad)?)
            }
            Self::Void => {
                return Err(Undecodable {
                    class: "java.lang.IllegalArgumentException",
                    message: "Data should be null for a VoidDeserializer.".to_owned(),
                });
            }
            Self::List(inner) => {
                let began = out.len();
                let written = inner.write(bytes, out);
                if written.is_err() {
                    out.truncate(began);
                }
                return written;
            }
        };
        Ok(())
    }

    /// Returns how many bytes each value has, if all have the same number.
    fn fixed_bytes(&self) -> Option<usize> {
        match self {
            Self::Short => Some(2),
            Self::Integer | Self::Float => Some(4),
            Self::Long | Self::Double => Some(8),
            Self::Uuid(_) => Some(36),
            _ => None,
        }
    }
}

/// Returns the bytes if there are just `N` of them.
fn sized<const N: usize>(bytes: &[u8], class: &str) -> Result<[u8; N], Undecodable> {
    bytes.try_into().map_err(|_| {
        Undecodable::serialization(format!("Size of data received by {class} is not {N}"))
    })
}

#[cfg(test)]
mod tests;
