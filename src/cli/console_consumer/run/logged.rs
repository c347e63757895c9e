//! The lines of Kafka's `LoggingMessageFormatter`, in the layout of the logs of Kafka's tools.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::console_consumer::deserializer::push_java_utf8;
use crate::cli::console_consumer::formatter::Stamp;
use crate::cli::console_consumer::formatter_class::FormatterClass;
use crate::cli::failure::printable;
use crate::cli::session::Session;

/// Writes the line of a record to standard error.
pub(super) fn log(session: &Session, stamp: Stamp, key: Option<&[u8]>, value: Option<&[u8]>) {
    let moment = session.moment();
    let text = message(stamp, key, value);
    session.terminal.note(&line(moment.now.0, &moment.zone, &text));
}

/// Returns `[2025-01-01 10:00:00,123] INFO text (class)`.
fn line(now: i64, zone: &TimeZone, text: &str) -> String {
    let now = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone());
    let class = FormatterClass::LOGGING;
    let (date, ms) = (now.strftime("%Y-%m-%d %H:%M:%S"), now.millisecond());
    // Control characters of a record must neither break the line nor steer a terminal.
    format!("[{date},{ms:03}] INFO {} ({class})", printable(text))
}

/// Returns timestamp, key and value as Kafka lays them out: without a comma behind a null key.
fn message(stamp: Stamp, key: Option<&[u8]>, value: Option<&[u8]>) -> String {
    let text = |bytes: &[u8]| {
        let mut text = Vec::new();
        push_java_utf8(bytes, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    };
    let stamp = match stamp {
        Stamp::CreateTime(ms) => format!("CreateTime:{ms}, "),
        Stamp::LogAppendTime(ms) => format!("LogAppendTime:{ms}, "),
        Stamp::None => String::new(),
    };
    let key = key.map_or_else(|| "null ".to_owned(), |key| format!("{}, ", text(key)));
    let value = value.map_or_else(|| "null".to_owned(), text);
    format!("{stamp}key:{key}value:{value}")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{Stamp, line, message};

    #[test]
    fn section_8_log_lines() {
        let at = 1_700_000_000_123;
        let text = message(Stamp::CreateTime(at), Some(b"k"), Some(b"v"));
        assert_eq!(text, "CreateTime:1700000000123, key:k, value:v", "8.25");
        assert_eq!(message(Stamp::None, Some(b"k"), None), "key:k, value:null", "8.27");
        assert_eq!(message(Stamp::None, None, Some(b"v")), "key:null value:v");
        assert_eq!(
            line(at, &TimeZone::UTC, "a\nb"),
            "[2023-11-14 22:13:20,123] INFO a\\nb \
             (org.apache.kafka.tools.consumer.LoggingMessageFormatter)"
        );
    }
}
