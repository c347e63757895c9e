//! The identity of a stream, a topic or an operation: a random UUID.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// A random identity that is never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 16]);

impl ObjectId {
    /// Makes a new identity.
    pub fn random() -> Self {
        Self(Uuid::new_v4().into_bytes())
    }

    /// Takes the 16 bytes of an identity.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes, as kept in the index and in recovery records.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first 8 hexadecimal digits, as used in directory names.
    pub fn short(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02x}{b:02x}{c:02x}{d:02x}")
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Uuid::from_bytes(self.0).hyphenated())
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for ObjectId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Ok(Self(Uuid::try_parse(text)?.into_bytes()))
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom(format!("`{text}` is not a UUID")))
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectId;

    #[test]
    fn text_and_bytes_are_the_same_identity() {
        let id = ObjectId::random();
        assert_ne!(id, ObjectId::random());
        assert_eq!(id.to_string().parse::<ObjectId>().unwrap(), id);
        assert_eq!(ObjectId::from_bytes(*id.bytes()), id);
        assert_eq!(id.to_string()[..8], id.short());
        assert!("x".parse::<ObjectId>().is_err());
    }
}
