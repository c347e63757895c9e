//! The bytes of one simulated file: as they are, as they are on the platter, and what differs.

use std::collections::BTreeSet;
use std::ops::Range;

use fastrand::Rng;

use super::power::Weather;

/// What the kernel keeps or loses as one. Bytes.
pub(super) const PAGE_BYTES: usize = 4096;
/// What a disk writes as one. Bytes.
pub(super) const SECTOR_BYTES: usize = 512;

/// The content of a file, in the page cache and on the disk.
///
/// # Invariants
///
/// - Every page in which `live` differs from `durable` (read as zeros behind its end) is in
///   `dirty`, or was there when a sync failed.
/// - No page in `dirty` starts at or behind the end of `live`.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    live: Vec<u8>,
    durable: Vec<u8>,
    dirty: BTreeSet<usize>,
}

impl Content {
    /// Makes content that is on the disk already.
    pub(super) fn durable(bytes: Vec<u8>) -> Self {
        Self { live: bytes.clone(), durable: bytes, dirty: BTreeSet::new() }
    }

    /// The bytes that a reader sees.
    pub(super) fn live(&self) -> &[u8] {
        &self.live
    }

    /// Reads like `pread`.
    pub(super) fn read(&self, buffer: &mut [u8], position: usize) -> usize {
        let Some(rest) = self.live.get(position..) else { return 0 };
        let bytes = rest.len().min(buffer.len());
        buffer[..bytes].copy_from_slice(&rest[..bytes]);
        bytes
    }

    /// Writes like `pwrite`; a gap behind the end becomes zeros.
    pub(super) fn write(&mut self, bytes: &[u8], position: usize) {
        if bytes.is_empty() {
            return;
        }
        let end = position + bytes.len();
        self.soil(position.min(self.live.len())..end);
        if end > self.live.len() {
            self.live.resize(end, 0);
        }
        self.live[position..end].copy_from_slice(bytes);
    }

    /// Cuts or lengthens like `ftruncate`.
    pub(super) fn set_size(&mut self, bytes: usize) {
        let old = self.live.len();
        self.live.resize(bytes, 0);
        if bytes > old {
            self.soil(old..bytes);
        } else if bytes < old {
            let _ = self.dirty.split_off(&bytes.div_ceil(PAGE_BYTES));
            // The rest of the last page is zeros from now on.
            if !bytes.is_multiple_of(PAGE_BYTES) {
                self.dirty.insert(bytes / PAGE_BYTES);
            }
        }
    }

    /// Notes that these bytes may differ from the disk's.
    fn soil(&mut self, bytes: Range<usize>) {
        self.dirty.extend(bytes.start / PAGE_BYTES..bytes.end.div_ceil(PAGE_BYTES));
    }

    /// Makes everything durable that is not known to be.
    pub(super) fn sync(&mut self) {
        self.durable.resize(self.live.len(), 0);
        for page in std::mem::take(&mut self.dirty) {
            let bytes = page * PAGE_BYTES..self.live.len().min((page + 1) * PAGE_BYTES);
            self.durable[bytes.clone()].copy_from_slice(&self.live[bytes]);
        }
    }

    /// What a failed sync does: nothing is saved, and the kernel believes that nothing is left to
    /// save.
    pub(super) fn forget_unsynced(&mut self) {
        self.dirty.clear();
    }

    /// Returns the bytes that are there after a power cut.
    pub(super) fn after_power_loss(&self, weather: &Weather, rng: &mut Rng) -> Vec<u8> {
        let mut left = self.durable.clone();
        left.resize(self.size_after(weather, rng), 0);
        for (page, bytes) in left.chunks_mut(PAGE_BYTES).enumerate() {
            if !self.dirty.contains(&page) {
                continue;
            }
            let start = page * PAGE_BYTES;
            if weather.garbage_percent > rng.u8(..100) {
                // Blocks that were given to the file but never written show what was in them.
                let known = self.durable.len().saturating_sub(start).min(bytes.len());
                rng.fill(&mut bytes[known..]);
            }
            if weather.keep_pages_percent > rng.u8(..100) {
                self.keep(bytes, start, |_| true);
            } else if weather.torn_pages_percent > rng.u8(..100) {
                if rng.bool() {
                    let torn_at = rng.usize(1..PAGE_BYTES / SECTOR_BYTES);
                    self.keep(bytes, start, |sector| sector < torn_at);
                } else {
                    let kept = rng.u8(..);
                    self.keep(bytes, start, |sector| kept >> sector & 1 == 1);
                }
            }
        }
        left
    }

    /// Overwrites some sectors of a page with what was to be written.
    fn keep(&self, page: &mut [u8], start: usize, keeps: impl Fn(usize) -> bool) {
        for (sector, bytes) in page.chunks_mut(SECTOR_BYTES).enumerate() {
            if keeps(sector) {
                bytes.fill(0);
                self.read(bytes, start + sector * SECTOR_BYTES);
            }
        }
    }

    /// Chooses the length after a power cut.
    fn size_after(&self, weather: &Weather, rng: &mut Rng) -> usize {
        let (durable, live) = (self.durable.len(), self.live.len());
        if weather.keep_size_percent > rng.u8(..100) {
            live
        } else if weather.keep_size_percent == 0 || rng.bool() {
            durable
        } else {
            rng.usize(durable.min(live)..=durable.max(live))
        }
    }
}
