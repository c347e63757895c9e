//! The recovery record in `append.lock`: three sectors that save work and never hold truth.
//!
//! ```text
//! byte     0  tail slot     written in place, under the lock, after each append
//! byte   512  durable slot  raised after a successful sync
//! byte  1024  frozen mark   set by a deletion
//! ```
//!
//! A slot, big-endian: magic u32 · version u16 · flags u16 · boot id 16 bytes · device u64 ·
//! inode u64 · time of birth i64 · base offset i64 · end position u64 · next offset i64 · last
//! time i64 · epoch i32 · CRC-32C u32 of all before it. The frozen mark: magic u32 · operation id
//! 16 bytes · CRC-32C u32.
//!
//! Device, inode and time of birth name the segment: file systems give the number of a removed
//! file to the next one that is made, and a segment that somebody laid in the place of another
//! must not be taken for it.

use crate::fs::{FileId, OpenFile, PathError};

/// Distance between the slots: a torn sector damages one of them at most. Bytes.
pub const SECTOR_BYTES: usize = 512;
/// Length of one slot. Bytes.
pub const SLOT_BYTES: usize = 88;
/// Length of the whole recovery record. Bytes.
pub const RECORD_FILE_BYTES: usize = 3 * SECTOR_BYTES;

const TAIL_MAGIC: u32 = 0x5350_5431; // "SPT1"
const DURABLE_MAGIC: u32 = 0x5350_4431; // "SPD1"
const FROZEN_MAGIC: u32 = 0x5350_4631; // "SPF1"
const FROZEN_BYTES: usize = 24;
const VERSION: u16 = 1;
const FLAG_SYNC_FAILED: u16 = 1;

/// Where a log ends, in one segment: what a slot says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// The boot in which the slot was written; zeros when it could not be read.
    pub(super) boot: [u8; 16],
    pub(super) segment: FileId,
    /// Base offset of the segment.
    pub(super) base: i64,
    /// Bytes of the segment below this are whole batches.
    pub(super) position: u64,
    /// The offset the next record gets.
    pub(super) next_offset: i64,
    /// Largest timestamp written so far, or `i64::MIN`. Milliseconds.
    pub(super) last_time: i64,
    /// Epoch of the last batch.
    pub(super) epoch: i32,
    /// A sync failed; void in another boot.
    pub(super) sync_failed: bool,
}

/// All that `append.lock` says, each part `None` where it is absent or does not pass its CRC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RecoveryRecord {
    pub(super) tail: Option<Slot>,
    pub(super) durable: Option<Slot>,
    pub(super) frozen: Option<[u8; 16]>,
}

/// Which slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Tail,
    Durable,
}

impl Which {
    fn magic(self) -> u32 {
        match self {
            Self::Tail => TAIL_MAGIC,
            Self::Durable => DURABLE_MAGIC,
        }
    }

    fn position(self) -> u64 {
        match self {
            Self::Tail => 0,
            Self::Durable => SECTOR_BYTES as u64,
        }
    }
}

impl RecoveryRecord {
    /// Reads the record. A short file is a record with parts missing.
    pub(super) fn read(file: &dyn OpenFile) -> Result<Self, PathError> {
        let mut bytes = [0; RECORD_FILE_BYTES];
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read_at(&mut bytes[filled..], filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(Self {
            tail: decode(Which::Tail, &bytes),
            durable: decode(Which::Durable, &bytes[SECTOR_BYTES..]),
            frozen: decode_frozen(&bytes[2 * SECTOR_BYTES..]),
        })
    }
}

/// Writes one slot in place.
pub(super) fn write_slot(file: &dyn OpenFile, which: Which, slot: &Slot) -> Result<(), PathError> {
    file.write_all_at(&encode(which, slot), which.position())
}

/// Sets the frozen mark, or clears it.
pub(super) fn write_frozen(
    file: &dyn OpenFile,
    operation: Option<[u8; 16]>,
) -> Result<(), PathError> {
    let mut bytes = [0; FROZEN_BYTES];
    if let Some(operation) = operation {
        bytes[..4].copy_from_slice(&FROZEN_MAGIC.to_be_bytes());
        bytes[4..20].copy_from_slice(&operation);
        let crc = crc32c::crc32c(&bytes[..20]);
        bytes[20..].copy_from_slice(&crc.to_be_bytes());
    }
    file.write_all_at(&bytes, 2 * SECTOR_BYTES as u64)
}

fn encode(which: Which, slot: &Slot) -> [u8; SLOT_BYTES] {
    let mut bytes = [0; SLOT_BYTES];
    let flags = if slot.sync_failed { FLAG_SYNC_FAILED } else { 0 };
    bytes[0..4].copy_from_slice(&which.magic().to_be_bytes());
    bytes[4..6].copy_from_slice(&VERSION.to_be_bytes());
    bytes[6..8].copy_from_slice(&flags.to_be_bytes());
    bytes[8..24].copy_from_slice(&slot.boot);
    bytes[24..32].copy_from_slice(&slot.segment.device.to_be_bytes());
    bytes[32..40].copy_from_slice(&slot.segment.inode.to_be_bytes());
    bytes[40..48].copy_from_slice(&slot.segment.born_ns.to_be_bytes());
    bytes[48..56].copy_from_slice(&slot.base.to_be_bytes());
    bytes[56..64].copy_from_slice(&slot.position.to_be_bytes());
    bytes[64..72].copy_from_slice(&slot.next_offset.to_be_bytes());
    bytes[72..80].copy_from_slice(&slot.last_time.to_be_bytes());
    bytes[80..84].copy_from_slice(&slot.epoch.to_be_bytes());
    let crc = crc32c::crc32c(&bytes[..84]);
    bytes[84..88].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn decode(which: Which, bytes: &[u8]) -> Option<Slot> {
    let bytes = bytes.get(..SLOT_BYTES)?;
    let crc = u32::from_be_bytes(bytes[84..88].try_into().ok()?);
    if u32::from_be_bytes(bytes[0..4].try_into().ok()?) != which.magic()
        || u16::from_be_bytes(bytes[4..6].try_into().ok()?) != VERSION
        || crc32c::crc32c(&bytes[..84]) != crc
    {
        return None;
    }
    let flags = u16::from_be_bytes(bytes[6..8].try_into().ok()?);
    Some(Slot {
        boot: bytes[8..24].try_into().ok()?,
        segment: FileId {
            device: u64::from_be_bytes(bytes[24..32].try_into().ok()?),
            inode: u64::from_be_bytes(bytes[32..40].try_into().ok()?),
            born_ns: i64::from_be_bytes(bytes[40..48].try_into().ok()?),
        },
        base: i64::from_be_bytes(bytes[48..56].try_into().ok()?),
        position: u64::from_be_bytes(bytes[56..64].try_into().ok()?),
        next_offset: i64::from_be_bytes(bytes[64..72].try_into().ok()?),
        last_time: i64::from_be_bytes(bytes[72..80].try_into().ok()?),
        epoch: i32::from_be_bytes(bytes[80..84].try_into().ok()?),
        sync_failed: flags & FLAG_SYNC_FAILED != 0,
    })
}

fn decode_frozen(bytes: &[u8]) -> Option<[u8; 16]> {
    let bytes = bytes.get(..FROZEN_BYTES)?;
    let crc = u32::from_be_bytes(bytes[20..24].try_into().ok()?);
    if u32::from_be_bytes(bytes[0..4].try_into().ok()?) != FROZEN_MAGIC
        || crc32c::crc32c(&bytes[..20]) != crc
    {
        return None;
    }
    bytes[4..20].try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot() -> Slot {
        Slot {
            boot: [7; 16],
            segment: FileId { device: 1, inode: 2, born_ns: 3 },
            base: 3,
            position: 4,
            next_offset: 5,
            last_time: -6,
            epoch: 7,
            sync_failed: true,
        }
    }

    #[test]
    fn a_slot_reads_back_as_written() {
        let bytes = encode(Which::Tail, &slot());
        assert_eq!(decode(Which::Tail, &bytes), Some(slot()));
        assert_eq!(decode(Which::Durable, &bytes), None, "a tail is no durable slot");
    }

    #[test]
    fn every_flipped_bit_voids_a_slot() {
        let bytes = encode(Which::Durable, &slot());
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(Which::Durable, &flipped), None, "bit {bit}");
        }
    }
}
