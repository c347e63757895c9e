//! The id of a consumer group: any text that is not empty, up to a limit.

use super::error::{NameError, excerpt};
use super::limits::GROUP_ID_BYTES_MAX;

/// Checks the id of a group.
///
/// # Errors
/// `NoGroup` if it is empty, `TooLong` above 2457 bytes.
pub fn check_group(id: &str) -> Result<(), NameError> {
    if id.is_empty() {
        return Err(NameError::NoGroup);
    }
    if id.len() > GROUP_ID_BYTES_MAX {
        return Err(NameError::TooLong {
            what: "group id",
            text: excerpt(id),
            length: id.len(),
            limit: GROUP_ID_BYTES_MAX,
            unit: "bytes",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_group;

    #[test]
    fn a_group_id_is_not_empty_and_has_a_limit() {
        assert!(check_group("").is_err());
        assert!(check_group("g").is_ok());
        assert!(check_group(&"g".repeat(2457)).is_ok());
        let message = check_group(&"g".repeat(2458)).unwrap_err().to_string();
        assert!(message.ends_with("is 2458 bytes long; the limit is 2457 bytes"), "{message}");
    }
}
