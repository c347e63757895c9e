//! What a live member of a group says of itself, in its file in `members`.

use serde::{Deserialize, Serialize};

use crate::path::TopicName;

use super::error::MetaError;
use super::format;
use super::id::ObjectId;
use super::object::topic_name;

/// The version of the file that this program writes, and the highest that it reads.
pub const MEMBER_FORMAT: u32 = 1;

/// A member of a group. It is alive as long as its file is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberObject {
    /// The member's own identity; the name of its file.
    pub member_id: ObjectId,
    /// The group.
    pub group: String,
    /// What the member calls itself.
    pub client: String,
    /// Its process.
    pub pid: u32,
    /// When it joined, in milliseconds since 1970.
    pub joined_ms: i64,
    /// The topic that it reads.
    pub topic_id: ObjectId,
    /// The topic's name when it joined.
    #[serde(with = "topic_name")]
    pub topic: TopicName,
    /// The partitions that it reads.
    pub partitions: Vec<u32>,
}

impl MemberObject {
    /// Returns the text of the member's file.
    pub fn to_json(&self) -> Vec<u8> {
        format::to_json(MEMBER_FORMAT, self)
    }

    /// Reads the text of a member's file.
    ///
    /// # Errors
    /// `Newer` if a newer program wrote it, `Invalid` if no program did.
    pub fn from_json(bytes: &[u8]) -> Result<Self, MetaError> {
        format::from_json(bytes, MEMBER_FORMAT)
    }
}

#[cfg(test)]
mod tests {
    use super::MemberObject;
    use crate::catalog::ObjectId;
    use crate::path::TopicName;

    #[test]
    fn a_member_is_read_back_as_it_was() {
        let member = MemberObject {
            member_id: ObjectId::from_bytes([1; 16]),
            group: "g".to_owned(),
            client: "console-consumer".to_owned(),
            pid: 42,
            joined_ms: 1_700_000_000_000,
            topic_id: ObjectId::from_bytes([2; 16]),
            topic: TopicName::parse("t").unwrap(),
            partitions: vec![0, 1],
        };
        let json = member.to_json();
        assert!(json.starts_with(b"{\"format\":1,\"member_id\":"), "{}", json.escape_ascii());
        assert_eq!(MemberObject::from_json(&json).unwrap(), member);
        let text = String::from_utf8(json).unwrap();
        assert!(MemberObject::from_json(text.replace(":42", ":42,\"x\":1").as_bytes()).is_err());
        assert!(MemberObject::from_json(b"").is_err());
    }
}
