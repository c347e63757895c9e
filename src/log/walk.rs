//! Walking the batch headers of one segment without reading the records.

use crate::fs::File;
use crate::record::{BatchHeader, HEADER_BYTES};

use super::error::LogError;
use super::verdict::{Depth, Expect, Fault, Verdict, examine};

/// Read ahead while batches are small; for large ones only their headers are fetched. Bytes.
const CHUNK_BYTES: usize = 64 * 1024;

/// One batch that a walk passed.
#[derive(Clone, Copy, Debug)]
pub struct Walked {
    /// Where the batch starts in its segment. Bytes.
    pub position: u64,
    /// Its header; the records were not checked.
    pub header: BatchHeader,
}

/// An iteration over the batch headers of one segment, from a batch boundary on.
///
/// It ends at the end of the file or at the first header that does not continue the log;
/// [`Walk::fault`] tells which. It never reports damage itself: whoever needs certainty reads the
/// batches with a [`super::Reader`].
#[derive(Debug)]
pub struct Walk {
    file: File,
    position: u64,
    size_bytes: u64,
    expect: Expect,
    chunk: Vec<u8>,
    chunk_position: u64,
    chunk_bytes: usize,
    fault: Option<Fault>,
}

impl Walk {
    pub(super) fn new(file: File, position: u64, expect: Expect) -> Result<Self, LogError> {
        let size_bytes = file.size_bytes()?;
        Ok(Self {
            file,
            position,
            size_bytes,
            expect,
            chunk: Vec::new(),
            chunk_position: 0,
            chunk_bytes: 0,
            fault: None,
        })
    }

    /// Where the next batch would start. Bytes.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The offset that would follow.
    pub fn next_offset(&self) -> i64 {
        self.expect.offset
    }

    pub(super) fn expect(&self) -> Expect {
        self.expect
    }

    /// Why the walk ended before the end of the file, if it did.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The next batch, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Only the operating system's; the walk may be continued.
    pub fn step(&mut self) -> Result<Option<Walked>, LogError> {
        if self.fault.is_some() || self.position >= self.size_bytes {
            return Ok(None);
        }
        self.fetch_header()?;
        let from = usize::try_from(self.position - self.chunk_position).unwrap_or(usize::MAX);
        let bytes = self.chunk.get(from..self.chunk_bytes).unwrap_or_default();
        let remaining_bytes = self.size_bytes - self.position;
        match examine(bytes, remaining_bytes, self.expect, Depth::HeaderOnly) {
            Verdict::Whole(header) => {
                let walked = Walked { position: self.position, header };
                self.position += header.total_bytes() as u64;
                self.expect = self.expect.after(&header);
                Ok(Some(walked))
            }
            Verdict::Short { needed_bytes } => {
                self.fault = Some(Fault::Truncated {
                    needed_bytes: needed_bytes as u64,
                    have_bytes: bytes.len() as u64,
                });
                Ok(None)
            }
            Verdict::Invalid(fault) => {
                self.fault = Some(fault);
                Ok(None)
            }
        }
    }

    /// Makes sure that the header at the position is in the chunk, if the file has it.
    fn fetch_header(&mut self) -> Result<(), LogError> {
        let chunk_end = self.chunk_position + self.chunk_bytes as u64;
        let header_end = self.position + HEADER_BYTES as u64;
        if self.position >= self.chunk_position && header_end <= chunk_end {
            return Ok(());
        }
        // A hop past the whole chunk means large batches: their headers alone are cheaper.
        let hopped = self.position > chunk_end;
        let want_bytes = if hopped { HEADER_BYTES } else { CHUNK_BYTES };
        self.chunk.resize(CHUNK_BYTES, 0);
        self.chunk_position = self.position;
        self.chunk_bytes = 0;
        while self.chunk_bytes < want_bytes {
            let read = self.file.read_at(
                &mut self.chunk[self.chunk_bytes..want_bytes],
                self.position + self.chunk_bytes as u64,
            )?;
            if read == 0 {
                break;
            }
            self.chunk_bytes += read;
        }
        Ok(())
    }
}
