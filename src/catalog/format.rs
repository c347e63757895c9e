//! The JSON form that records of the stream's own logs share: an object that begins with `format`,
//! the version of the rest.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::MetaError;

/// Returns `record` with `format` in front of its fields, on one line.
pub(super) fn to_json<T: Serialize>(format: u32, record: &T) -> Vec<u8> {
    let mut value = serde_json::json!({ "format": format });
    let fields = serde_json::to_value(record).unwrap_or(Value::Null);
    if let (Value::Object(all), Value::Object(fields)) = (&mut value, fields) {
        all.extend(fields);
    }
    value.to_string().into_bytes()
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
