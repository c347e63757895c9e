//! Which run of the machine this is, and how long it has lasted.

use rustix::time::{ClockId, clock_gettime};

/// Where Linux tells the identity of the current boot.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Returns the identity of the current boot; `None` if it cannot be read.
pub(crate) fn boot_id() -> Option<[u8; 16]> {
    parse(&std::fs::read_to_string(BOOT_ID).ok()?)
}

/// Returns how long ago the machine was started, the time it slept included. Milliseconds.
#[must_use]
pub fn since_boot_ms() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

/// Reads a UUID in its usual spelling. All zeros is nobody's.
fn parse(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.trim().chars().filter(|&digit| digit != '-').collect();
    if digits.len() != 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = u128::from_str_radix(&digits, 16).ok()?;
    (number != 0).then(|| number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_uuid_becomes_its_sixteen_bytes() {
        let id = parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\n").unwrap();
        assert_eq!(id[..4], [0x0f, 0x1e, 0x2d, 0x3c]);
        assert_eq!(id[15], 0xf0);
    }

    #[test]
    fn anything_else_is_no_identity() {
        for bad in
            ["", "0f1e2d3c", "+f1e2d3c4b5a69788796a5b4c3d2e1f0", "zf1e2d3c4b5a69788796a5b4c3d2e1f0"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse("00000000-0000-0000-0000-000000000000"), None);
    }
}
