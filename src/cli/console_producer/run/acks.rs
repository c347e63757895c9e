//! `--report-acks`: one JSON line for each record that counts as sent.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::produce::{AckListener, Acknowledged};
use crate::record::{Record, Scratch};
use crate::time::Clock;

/// What became of the report.
#[derive(Debug, Default)]
pub(super) struct ReportState {
    /// Nothing more can be written.
    broken: AtomicBool,
    error: Mutex<Option<io::Error>>,
}

impl ReportState {
    /// True once standard output takes no more.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Returns why, unless the reader simply went away.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        let error = self.error.lock().unwrap_or_else(PoisonError::into_inner).take();
        error.filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }

    fn fail(&self, error: io::Error) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        self.broken.store(true, Ordering::Relaxed);
    }
}

/// Makes the listener that reports to `output`, each batch with one write; topics may share it.
pub(super) fn reporter(
    output: Arc<Mutex<File>>,
    topic: &str,
    clock: Arc<dyn Clock>,
    state: Arc<ReportState>,
) -> AckListener {
    let topic = json_text(topic.as_bytes());
    let mut scratch = Scratch::default();
    let mut lines = Vec::new();
    Box::new(move |acknowledged: &Acknowledged| {
        if state.is_broken() {
            return;
        }
        lines.clear();
        let timestamp = clock.now().0;
        let batch = acknowledged.batch.as_batch();
        let Ok(records) = batch.records(&mut scratch) else {
            unreachable!("a batch that was just encoded can be decoded");
        };
        for record in records.flatten() {
            write_line(&mut lines, timestamp, acknowledged.partition, &record, &topic);
        }
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = output.write_all(&lines) {
            state.fail(error);
        }
    })
}

/// The shape of Kafka's verifiable producer.
fn write_line(out: &mut Vec<u8>, timestamp: i64, partition: u32, record: &Record<'_>, topic: &str) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{{\"timestamp\":{timestamp},\"name\":\"producer_send_success\",\"key\":");
    write_text(out, record.key);
    out.extend_from_slice(b",\"value\":");
    write_text(out, record.value);
    let offset = record.offset;
    let _ = writeln!(out, ",\"offset\":{offset},\"partition\":{partition},\"topic\":{topic}}}");
}

/// Bytes that are not UTF-8 are replaced: this is a report, not a copy.
fn write_text(out: &mut Vec<u8>, text: Option<&[u8]>) {
    match text {
        None => out.extend_from_slice(b"null"),
        Some(text) => out.extend_from_slice(json_text(text).as_bytes()),
    }
}

fn json_text(text: &[u8]) -> String {
    serde_json::Value::from(String::from_utf8_lossy(text)).to_string()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};
    use std::sync::{Arc, Mutex};

    use super::{ReportState, reporter};
    use crate::produce::Acknowledged;
    use crate::record::{BatchEncoder, Compression, NewRecord};
    use crate::time::{FixedClock, TimestampMs};

    #[test]
    fn a_report_is_valid_json_in_kafkas_shape() {
        let mut encoder = BatchEncoder::default();
        for (key, value) in [(None, &b"say \"hi\"\n"[..]), (Some(&b"k"[..]), b"\xff")] {
            encoder.push(&NewRecord { timestamp: 1, key, value: Some(value), headers: &[] });
        }
        let mut batch = encoder.finish(Compression::Gzip);
        batch.stamp(40, 0);
        let mut file = tempfile::tempfile().unwrap();
        let state = Arc::new(ReportState::default());
        let clock = Arc::new(FixedClock(TimestampMs(5)));
        let mut report =
            reporter(Arc::new(Mutex::new(file.try_clone().unwrap())), "/s:t", clock, state.clone());
        report(&Acknowledged { partition: 2, batch });
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(
            text,
            "{\"timestamp\":5,\"name\":\"producer_send_success\",\"key\":null,\
             \"value\":\"say \\\"hi\\\"\\n\",\"offset\":40,\"partition\":2,\"topic\":\"/s:t\"}\n\
             {\"timestamp\":5,\"name\":\"producer_send_success\",\"key\":\"k\",\
             \"value\":\"\u{fffd}\",\"offset\":41,\"partition\":2,\"topic\":\"/s:t\"}\n"
        );
        assert!(!state.is_broken());
    }

    #[test]
    fn a_gone_reader_is_noticed_and_is_no_error() {
        let (read, write) = std::os::unix::net::UnixStream::pair().unwrap();
        drop(read);
        let output = std::fs::File::from(std::os::fd::OwnedFd::from(write));
        let state = Arc::new(ReportState::default());
        let clock = Arc::new(FixedClock(TimestampMs(5)));
        let mut report = reporter(Arc::new(Mutex::new(output)), "t", clock, state.clone());
        let mut encoder = BatchEncoder::default();
        encoder.push(&NewRecord::default());
        report(&Acknowledged { partition: 0, batch: encoder.finish(Compression::None) });
        assert!(state.is_broken());
        assert!(state.take_error().is_none());
    }
}
