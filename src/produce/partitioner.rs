//! Which partition a record goes to: named, by its key, or the one that is being filled.

use crate::record::partition_for_key;

/// Chooses partitions as Kafka's clients do.
///
/// Records without a key stay with one partition until it has been given a batch's worth, also
/// over several small batches: so few lines keep their order, and many are spread.
#[derive(Debug)]
pub(super) struct Partitioner {
    partitions: u32,
    sticky: u32,
    /// What the sticky partition was given since it was chosen. Bytes.
    given_bytes: usize,
}

impl Partitioner {
    /// # Panics
    ///
    /// If `partitions` is 0: a topic has at least one.
    pub(super) fn new(partitions: u32) -> Self {
        assert!(partitions > 0, "a topic has at least one partition");
        Self { partitions, sticky: fastrand::u32(..partitions), given_bytes: 0 }
    }

    pub(super) fn for_key(&self, key: &[u8]) -> u32 {
        partition_for_key(key, self.partitions)
    }

    #[inline(always)]
    pub(super) fn sticky(&self) -> u32 {
        self.sticky
    }

    /// Notes that a batch without keys was handed over, and moves on once that is enough.
    pub(super) fn handed_over(&mut self, partition: u32, batch_bytes: usize, enough_bytes: usize) {
        if partition != self.sticky {
            return;
        }
        self.given_bytes += batch_bytes;
        if self.given_bytes >= enough_bytes {
            self.given_bytes = 0;
            // Round robin from a random start: every partition gets the same.
            self.sticky = (self.sticky + 1) % self.partitions;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Partitioner;

    #[test]
    fn it_stays_until_a_batch_is_full_and_then_visits_every_partition() {
        let mut partitioner = Partitioner::new(3);
        let first = partitioner.sticky();
        partitioner.handed_over(first, 60, 100);
        assert_eq!(partitioner.sticky(), first);
        partitioner.handed_over((first + 1) % 3, 1000, 100);
        assert_eq!(partitioner.sticky(), first, "other partitions do not count");
        let mut seen = Vec::new();
        for _ in 0..6 {
            partitioner.handed_over(partitioner.sticky(), 100, 100);
            seen.push(partitioner.sticky());
        }
        assert_eq!(seen, (1..=6).map(|step| (first + step) % 3).collect::<Vec<_>>());
    }
}
