//! The JSON form that records of the stream's own logs share: an object that begins with `format`,
//! the version of the rest.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::MetaError;

/// Returns `record` with `format` in front of its fields, on one line.
pub(super) fn to_json<T: Serialize>(format: u32, record: &T) -> Vec<u8> {
    let mut json = format!("{{\"format\":{format}").into_bytes();
    let end = json.len();
    let outcome = serde_json::to_writer(&mut json, record);
    match json.get(end..) {
        Some([b'{', b'"', ..]) if outcome.is_ok() => json[end] = b',',
        // What is no object has no fields.
        _ => {
            json.truncate(end);
            json.push(b'}');
        }
    }
    json
}

/// Takes such an object apart that begins with its format, which is at most `known`, and a field
/// `tag`, as [`to_json`] writes it: that field's text, and an object of the rest. `None` for any
/// other, which [`from_json`] reads as well.
pub(super) fn split_tagged<'j>(
    bytes: &'j [u8],
    tag: &str,
    known: u32,
) -> Option<(&'j [u8], Vec<u8>)> {
    let rest = bytes.strip_prefix(b"{\"format\":")?;
    let (digits, rest) = rest.split_at(rest.iter().position(|byte| *byte == b',')?);
    let format: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    if format == 0 || format > known {
        return None;
    }
    let rest = rest.strip_prefix(b",\"")?.strip_prefix(tag.as_bytes())?.strip_prefix(b"\":\"")?;
    let (text, rest) = rest.split_at(rest.iter().position(|byte| *byte == b'"')?);
    let rest = rest.strip_prefix(b"\",")?;
    let mut object = Vec::with_capacity(rest.len() + 1);
    object.push(b'{');
    object.extend_from_slice(rest);
    Some((text, object))
}

/// Reads such an object. A version above `known` is refused before its fields are looked at.
pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8], known: u32) -> Result<T, MetaError> {
    from_value(serde_json::from_slice(bytes).map_err(MetaError::Invalid)?, known)
}

/// As [`from_json`], of what was parsed already.
pub(super) fn from_value<T: DeserializeOwned>(
    mut value: Value,
    known: u32,
) -> Result<T, MetaError> {
    let format = value.as_object_mut().and_then(|fields| fields.remove("format"));
    match format.as_ref().and_then(Value::as_u64) {
        Some(format) if format > u64::from(known) => {
            return Err(MetaError::Newer { found: format, known });
        }
        Some(1..) => {}
        _ => return Err(MetaError::NoFormat),
    }
    serde_json::from_value(value).map_err(MetaError::Invalid)
}
