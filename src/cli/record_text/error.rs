//! Why a line is not a record.

use std::fmt::{self, Display};

use crate::cli::failure::printable;

/// A line that is not a record, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// The byte of the line at which reading stopped, counted from 1.
    pub(super) column: usize,
    /// What is wrong there.
    pub(super) fault: Fault,
}

/// A place in a record that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Field {
    Version,
    Topic,
    Partition,
    Offset,
    Timestamp,
    TimestampType,
    Key,
    Value,
    Headers,
    HeaderKey,
    HeaderValue,
}

impl Field {
    /// The fields of a record by name, in the order in which they are written.
    pub(super) const NAMED: [(&'static str, Self); 9] = [
        ("v", Self::Version),
        ("topic", Self::Topic),
        ("partition", Self::Partition),
        ("offset", Self::Offset),
        ("timestamp", Self::Timestamp),
        ("timestampType", Self::TimestampType),
        ("key", Self::Key),
        ("value", Self::Value),
        ("headers", Self::Headers),
    ];

    fn described(self) -> &'static str {
        match self {
            Self::Version => "field `v`",
            Self::Topic => "field `topic`",
            Self::Partition => "field `partition`",
            Self::Offset => "field `offset`",
            Self::Timestamp => "field `timestamp`",
            Self::TimestampType => "field `timestampType`",
            Self::Key => "field `key`",
            Self::Value => "field `value`",
            Self::Headers => "field `headers`",
            Self::HeaderKey => "the key of a header",
            Self::HeaderValue => "the value of a header",
        }
    }

    /// What the field takes.
    fn expected(self) -> &'static str {
        match self {
            Self::Version => "the number 1",
            Self::Topic => "a string",
            Self::Partition => "a whole number from 0 to 2147483647",
            Self::Offset | Self::Timestamp => "a whole number of 64 bits",
            Self::TimestampType => "`CreateTime`, `LogAppendTime` or `NoTimestampType`",
            Self::Key | Self::Value | Self::HeaderValue => "a string, null or {\"base64\":\"…\"}",
            Self::Headers => "a list of pairs [[\"key\",\"value\"],…]",
            Self::HeaderKey => "a string or {\"base64\":\"…\"}",
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotUtf8,
    /// Something else should stand here.
    Syntax {
        expected: &'static str,
        found: String,
    },
    UnknownField(String),
    RepeatedField(Field),
    MissingValue,
    Version(String),
    /// The value is of another kind, or out of its range.
    Value {
        field: Field,
        found: String,
    },
    /// The string has a control character that is not escaped.
    Control {
        field: Option<Field>,
        character: u8,
    },
    /// The string has an escape that JSON does not know.
    Escape {
        field: Option<Field>,
    },
    /// The string has half of a surrogate pair.
    LoneSurrogate {
        field: Option<Field>,
    },
    /// The string does not end.
    Unended {
        field: Option<Field>,
    },
    Base64 {
        field: Field,
    },
}

impl Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: ", self.column)?;
        let of = |field: &Option<Field>| field.map_or("the name of a field", Field::described);
        match &self.fault {
            Fault::NotUtf8 => write!(f, "not UTF-8; other bytes are written as base64"),
            Fault::Syntax { expected, found } => {
                write!(f, "expected {expected}, found {}", printable(found))
            }
            Fault::UnknownField(name) => {
                write!(f, "field `{}` is not known; the fields are", printable(name))?;
                for (index, (name, _)) in Field::NAMED.iter().enumerate() {
                    write!(f, "{} {name}", if index == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Fault::RepeatedField(field) => write!(f, "{} is there twice", field.described()),
            Fault::MissingValue => {
                write!(f, "field `value` is missing; a tombstone has \"value\":null")
            }
            Fault::Version(version) => {
                write!(f, "field `v` is {version}; this program reads version 1")
            }
            Fault::Value { field, found } => {
                let (field, expected) = (field.described(), field.expected());
                write!(f, "{field} must be {expected}, not {}", printable(found))
            }
            Fault::Control { field, character } => write!(
                f,
                "{} holds a control character, which JSON writes as \\u{character:04x}",
                of(field)
            ),
            Fault::Escape { field } => write!(f, "{} has an escape unknown to JSON", of(field)),
            Fault::LoneSurrogate { field } => {
                write!(f, "{} has half of a surrogate pair", of(field))
            }
            Fault::Unended { field } => write!(f, "{} does not end", of(field)),
            Fault::Base64 { field } => {
                write!(f, "{} is not base64 of the standard alphabet", field.described())
            }
        }
    }
}

impl std::error::Error for JsonError {}
