//! The partition of a key: Kafka's murmur2, masked and taken modulo the partitions.

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;
const SHIFT: u32 = 24;

/// Returns Kafka's murmur2 hash of `key`.
///
/// This is MurmurHash2 with Kafka's seed. It must never change: a key's place depends on it.
#[must_use]
pub fn murmur2(key: &[u8]) -> i32 {
    // Java's array lengths are i32; a longer key could not exist there, so its length is cut.
    let mut hash = SEED ^ (key.len() as u32);
    let (blocks, tail) = key.as_chunks::<4>();
    for block in blocks {
        let mut k = u32::from_le_bytes(*block).wrapping_mul(MULTIPLIER);
        k = (k ^ (k >> SHIFT)).wrapping_mul(MULTIPLIER);
        hash = hash.wrapping_mul(MULTIPLIER) ^ k;
    }
    if !tail.is_empty() {
        for (index, byte) in tail.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * index);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(MULTIPLIER);
    (hash ^ (hash >> 15)) as i32
}

/// Returns the partition that Kafka's default partitioner chooses for `key`.
///
/// An empty key is a key and hashes too; a null key has no partition of its own.
///
/// # Panics
///
/// If `partitions` is 0: a topic has at least one.
#[must_use]
pub fn partition_for_key(key: &[u8], partitions: u32) -> u32 {
    assert!(partitions > 0, "a topic has at least one partition");
    // Masked, as Kafka does, not made absolute: |i32::MIN| would not exist.
    (murmur2(key) as u32 & 0x7fff_ffff) % partitions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &[u8], hash: i32, partitions: [u32; 7]) {
        assert_eq!(murmur2(key), hash);
        let counts = [2, 3, 4, 6, 10, 12, 1000];
        assert_eq!(counts.map(|count| partition_for_key(key, count)), partitions);
        assert_eq!(partition_for_key(key, 1), 0);
    }

    #[test]
    fn rows_25_1_to_25_11_published() {
        check(b"21", -973_932_308, [0, 0, 0, 0, 0, 0, 340]);
        check(b"a-little-bit-long-string", -985_981_536, [0, 2, 0, 2, 2, 8, 112]);
        check(
            b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8",
            -58_897_971,
            [1, 2, 1, 5, 7, 5, 677],
        );
        check(b"", 275_646_681, [1, 0, 1, 3, 1, 9, 681]);
        check(b"ab", 316_155_434, [0, 2, 2, 2, 4, 2, 434]);
        check(b"\x00\x20", 1_121_897_742, [0, 0, 2, 0, 2, 6, 742]);
    }

    #[test]
    fn rows_25_13_to_25_25_computed() {
        check(b"key", -1_079_937_367, [1, 1, 1, 1, 1, 1, 281]);
        check(b"key1", 28_543_940, [0, 2, 0, 2, 0, 8, 940]);
        check(b"1", -1_993_445_489, [1, 0, 3, 3, 9, 3, 159]);
        check(b"3", -1_148_165_505, [1, 2, 3, 5, 3, 11, 143]);
        check(b"truck-2", 763_285_346, [0, 2, 2, 2, 6, 2, 346]);
        check(b"hello world", 1_221_641_059, [1, 1, 3, 1, 9, 7, 59]);
        check("é".as_bytes(), 186_971_271, [1, 0, 3, 3, 1, 3, 271]);
    }

    /// `java.util.SplittableRandom`, as far as Kafka's own test needs it.
    struct SplittableRandom(u64);

    impl SplittableRandom {
        fn next_long(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        fn fill(&mut self, bytes: &mut [u8]) {
            for chunk in bytes.chunks_mut(8) {
                let random = self.next_long().to_le_bytes();
                chunk.copy_from_slice(&random[..chunk.len()]);
            }
        }
    }

    #[test]
    fn section_25_checksum_over_random_keys_of_every_length_to_1000() {
        let mut random = SplittableRandom(0);
        let mut sum = 0u64;
        for length in 0..=1000 {
            let mut key = vec![0; length];
            for _ in 0..100 {
                random.fill(&mut key);
                sum += u64::from(murmur2(&key) as u32);
            }
        }
        assert_eq!(sum, 0xc3b8_cf7c_99fc);
    }
}
