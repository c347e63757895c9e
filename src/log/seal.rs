//! Seals: what a closed segment looked like, in a record batch beside it.
//!
//! Kafka's CRC covers neither base offsets nor epochs, and in a compacted log not even the
//! continuity of offsets would show a flipped bit; the seal's hash over all batch headers does.

use std::io::ErrorKind;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fs::{Access, Replace, temporary_name};
use crate::record::{Batch, BatchEncoder, Compression, HEADER_BYTES, NewRecord, Scratch};

use super::error::LogError;
use super::partition::PartitionLog;
use super::resync::read_up_to;
use super::segment::seal_name;
use super::verdict::{Depth, Expect, Fault, Verdict, examine};

const SEAL_FORMAT: u32 = 1;
const SEAL_BYTES_LIMIT: u64 = 1 << 20;

/// What a closed segment must look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Version of this record.
    pub format: u32,
    /// Length of the segment. Bytes.
    pub length_bytes: u64,
    /// Batches in it.
    pub batches: u64,
    /// Records in it.
    pub records: u64,
    /// Base offset of the first batch.
    pub first_offset: i64,
    /// Last offset of the last batch.
    pub last_offset: i64,
    /// Smallest of the batches' largest timestamps. Milliseconds.
    pub first_time: i64,
    /// Largest timestamp. Milliseconds.
    pub last_time: i64,
    /// Each epoch and the offset at which it begins.
    pub epochs: Vec<(i32, i64)>,
    /// CRC-32C over all batch headers, end to end.
    pub headers_crc: u32,
}

/// What a full pass over a closed segment found.
pub(super) struct Surveyed {
    pub(super) seal: Seal,
    /// The first fault and where it is. Bytes.
    pub(super) fault: Option<(u64, Fault)>,
}

impl PartitionLog {
    /// Reads every batch of the segment at `base` and describes what is there.
    pub(super) fn survey(&self, base: i64) -> Result<Surveyed, LogError> {
        let file = self.open_segment(base, Access::Read)?;
        let size_bytes = file.size_bytes()?;
        let mut expect = Expect { offset: base, epoch: -1, gaps: self.options.gaps };
        let mut seal = Seal {
            format: SEAL_FORMAT,
            length_bytes: 0,
            batches: 0,
            records: 0,
            first_offset: base,
            last_offset: base - 1,
            first_time: i64::MAX,
            last_time: i64::MIN,
            epochs: Vec::new(),
            headers_crc: 0,
        };
        let mut buffer = vec![0; 1 << 20];
        while seal.length_bytes < size_bytes {
            let filled = read_up_to(file.as_ref(), &mut buffer, seal.length_bytes)?;
            let mut at = 0;
            loop {
                let rest = &buffer[at..filled];
                let remaining_bytes = size_bytes - seal.length_bytes;
                if remaining_bytes == 0 {
                    break;
                }
                match examine(rest, remaining_bytes, expect, Depth::WithCrc) {
                    Verdict::Whole(header) => {
                        if seal.batches == 0 {
                            seal.first_offset = header.base_offset;
                        }
                        if seal.epochs.last().is_none_or(|(epoch, _)| *epoch != header.leader_epoch)
                        {
                            seal.epochs.push((header.leader_epoch, header.base_offset));
                        }
                        seal.headers_crc =
                            crc32c::crc32c_append(seal.headers_crc, &rest[..HEADER_BYTES]);
                        seal.batches += 1;
                        seal.records += u64::try_from(header.records_count).unwrap_or(0);
                        seal.last_offset = header.last_offset();
                        seal.first_time = seal.first_time.min(header.max_timestamp);
                        seal.last_time = seal.last_time.max(header.max_timestamp);
                        seal.length_bytes += header.total_bytes() as u64;
                        at += header.total_bytes();
                        expect = expect.after(&header);
                    }
                    Verdict::Short { needed_bytes } if at > 0 || needed_bytes > buffer.len() => {
                        if buffer.len() < needed_bytes {
                            buffer.resize(needed_bytes, 0);
                        }
                        break;
                    }
                    Verdict::Short { needed_bytes } => {
                        let fault = Fault::Truncated {
                            needed_bytes: needed_bytes as u64,
                            have_bytes: filled as u64,
                        };
                        let position = seal.length_bytes;
                        return Ok(Surveyed { seal, fault: Some((position, fault)) });
                    }
                    Verdict::Invalid(fault) => {
                        let position = seal.length_bytes;
                        return Ok(Surveyed { seal, fault: Some((position, fault)) });
                    }
                }
            }
        }
        Ok(Surveyed { seal, fault: None })
    }

    /// Verifies the closed segment at `base` and writes its seal, if it has none that can be read.
    /// Returns `None`, and writes nothing, if the segment is damaged, gone, or not closed.
    ///
    /// # Errors
    ///
    /// The operating system's; a half-written seal is left under a temporary name.
    pub fn seal(&self, base: i64) -> Result<Option<Seal>, LogError> {
        let segments = self.segments()?;
        let Some(successor) = segments.iter().find(|s| s.base > base && s.size_bytes > 0) else {
            return Ok(None);
        };
        if let Ok(Some(seal)) = self.read_seal(base) {
            return Ok(Some(seal));
        }
        let Surveyed { seal, fault } = match self.survey(base) {
            Ok(surveyed) => surveyed,
            Err(error) if error.io_kind() == Some(ErrorKind::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        if fault.is_some() || seal.last_offset + 1 != successor.base {
            return Ok(None);
        }
        self.write_seal(base, &seal)?;
        Ok(Some(seal))
    }

    fn write_seal(&self, base: i64, seal: &Seal) -> Result<(), LogError> {
        let value = serde_json::to_vec(seal).unwrap_or_default();
        let mut encoder = BatchEncoder::new(Vec::new());
        encoder.push(&NewRecord {
            timestamp: seal.last_time.max(0),
            key: None,
            value: Some(&value),
            headers: &[],
        });
        let mut batch = encoder.finish(Compression::None);
        batch.stamp(0, seal.epochs.last().map_or(0, |(epoch, _)| *epoch));
        let name = temporary_name();
        let file = self.dir.create(&name, self.options.file_mode)?;
        file.write_all_at(batch.bytes(), 0)?;
        file.sync_data()?;
        self.dir.rename(&name, self.dir.as_ref(), &seal_name(base), Replace::Always)?;
        self.dir.sync()?;
        Ok(())
    }

    /// The seal of the segment at `base`: `None` if there is none, `Err(Corrupt)` if it is damaged.
    ///
    /// # Errors
    ///
    /// [`LogError::Corrupt`], or the operating system's.
    pub fn read_seal(&self, base: i64) -> Result<Option<Seal>, LogError> {
        let file = match self.dir.open(&seal_name(base), Access::Read) {
            Ok(file) => file,
            Err(error) if error.source.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let size_bytes = file.size_bytes()?.min(SEAL_BYTES_LIMIT);
        let mut bytes = vec![0; usize::try_from(size_bytes).unwrap_or(0)];
        let filled = read_up_to(file.as_ref(), &mut bytes, 0)?;
        let corrupt =
            |source| LogError::Corrupt { file: file.path().to_path_buf(), position: 0, source };
        let batch = Batch::parse(&bytes[..filled])
            .map_err(|error| corrupt(Fault::Decode(Arc::new(error))))?;
        let mut scratch = Scratch::default();
        let mut records =
            batch.records(&mut scratch).map_err(|error| corrupt(Fault::Decode(Arc::new(error))))?;
        let value = match records.next() {
            Some(Ok(record)) => record.value.unwrap_or_default(),
            Some(Err(error)) => return Err(corrupt(Fault::Decode(Arc::new(error)))),
            None => &[],
        };
        match serde_json::from_slice::<Seal>(value) {
            Ok(seal) if seal.format > SEAL_FORMAT => Err(LogError::NewerFormat {
                file: file.path().to_path_buf(),
                version: u16::try_from(seal.format).unwrap_or(u16::MAX),
            }),
            Ok(seal) => Ok(Some(seal)),
            Err(_) => Err(corrupt(Fault::Crc)),
        }
    }
}
