//! What a live member of a group says of itself, in its file in `members`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::MetaError;
use super::format;
use super::id::ObjectId;

/// The version of the file that this program writes, and the highest that it reads.
pub const MEMBER_FORMAT: u32 = 3;
/// The name of the lease in the file, and what stands before its digits.
const LEASE: &str = "lease";
const BEFORE_LEASE: &str = "{\"format\":3,\"lease\":\"";
/// How many digits a lease has.
const LEASE_DIGITS: usize = 20;

/// A member of a group. It is alive as long as its file is locked; a static one is away until its
/// lease is over.
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
    /// The name that a static member keeps over restarts (`group.instance.id`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The boot to whose clock the lease belongs, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<ObjectId>,
    /// It is a static member whose process has ended and that is waited for; not in the file.
    #[serde(skip)]
    pub is_away: bool,
}

/// Until when a member counts as running although it does not die: milliseconds on the clock that
/// begins with the boot. It stands in the member's file, which is as far as it has to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lease(pub i64);

impl Lease {
    /// Where in a member's file the lease is. Bytes.
    pub const POSITION: u64 = BEFORE_LEASE.len() as u64;

    /// The bytes to be written there: twice the same, so that a reader sees whether it is whole.
    pub fn text(self) -> String {
        format!("{:0width$} {:0width$}", self.0, self.0, width = LEASE_DIGITS)
    }

    fn parse(text: &str) -> Option<Self> {
        let (one, other) = text.split_once(' ')?;
        if one != other {
            return None;
        }
        one.parse().ok().map(Self)
    }
}

impl MemberObject {
    /// Returns the text of the member's file.
    pub fn to_json(&self, lease: Lease) -> Vec<u8> {
        let mut value = serde_json::json!({ LEASE: lease.text() });
        let fields = serde_json::to_value(self).unwrap_or(Value::Null);
        if let (Value::Object(all), Value::Object(fields)) = (&mut value, fields) {
            all.extend(fields);
        }
        format::to_json(MEMBER_FORMAT, &value)
    }

    /// Reads the text of a member's file. There is no lease in an older program's, and none to be
    /// read while it is being written.
    ///
    /// # Errors
    /// `Newer` if a newer program wrote it, `Invalid` if no program did.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, Option<Lease>), MetaError> {
        let mut value: Value = serde_json::from_slice(bytes).map_err(MetaError::Invalid)?;
        // Whoever wrote another form of it is named before it is looked at.
        let known = value.get("format").and_then(Value::as_u64) <= Some(MEMBER_FORMAT.into());
        let lease = value.as_object_mut().filter(|_| known).and_then(|all| all.shift_remove(LEASE));
        let lease = lease.as_ref().and_then(Value::as_str).and_then(Lease::parse);
        Ok((format::from_value(value, MEMBER_FORMAT)?, lease))
    }
}

#[cfg(test)]
mod tests {
    use super::{Lease, MemberObject};
    use crate::catalog::ObjectId;

    #[test]
    fn a_member_is_read_back_as_it_was() {
        let member = MemberObject {
            member_id: ObjectId::from_bytes([1; 16]),
            group: "g".to_owned(),
            client: "console-consumer".to_owned(),
            pid: 42,
            joined_ms: 1_700_000_000_000,
            instance: Some("i".to_owned()),
            boot_id: Some(ObjectId::from_bytes([3; 16])),
            is_away: false,
        };
        let mut json = member.to_json(Lease(77));
        let start = usize::try_from(Lease::POSITION).unwrap();
        assert!(json[start..].starts_with(b"00000000000000000077 0"), "{}", json.escape_ascii());
        assert_eq!(MemberObject::from_json(&json).unwrap(), (member.clone(), Some(Lease(77))));
        let later = Lease(i64::MAX).text();
        json[start..start + later.len()].copy_from_slice(later.as_bytes());
        let read = MemberObject::from_json(&json).unwrap();
        assert_eq!(read, (member.clone(), Some(Lease(i64::MAX))));
        json[start] = b'7';
        assert_eq!(MemberObject::from_json(&json).unwrap(), (member, None), "half of it is new");
        let text = String::from_utf8(json).unwrap();
        assert!(MemberObject::from_json(text.replace(":42", ":42,\"x\":1").as_bytes()).is_err());
        assert!(MemberObject::from_json(b"").is_err());
    }
}
