//! What a power cut leaves of a simulated disk.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::content::Content;
use super::operation::needed_by;
use super::state::{Body, Key, Node, State};

/// How much of what was not synced survives a power cut. Percentages, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// Of the 4 KiB pages that were written and not synced, how many are there whole.
    pub keep_pages_percent: u8,
    /// Of the other pages, how many have some of their 512-byte sectors written.
    pub torn_pages_percent: u8,
    /// Of the pages that the file grew by without their being written, how many hold garbage
    /// instead of zeros.
    pub garbage_percent: u8,
    /// How many files have the length that was not synced. Of the others half have the durable one,
    /// half one in between; with 0, all have the durable one.
    pub keep_size_percent: u8,
    /// How many of the changes of directories that were not synced are there.
    pub keep_entries_percent: u8,
    /// A directory keeps no change behind one that it lost.
    pub entries_in_order: bool,
}

impl Weather {
    /// Nothing that was not synced survives.
    pub const NOTHING_KEPT: Self = Self {
        keep_pages_percent: 0,
        torn_pages_percent: 0,
        garbage_percent: 0,
        keep_size_percent: 0,
        keep_entries_percent: 0,
        entries_in_order: true,
    };

    /// Everything survives, as if all had been synced in time.
    pub const EVERYTHING_KEPT: Self = Self {
        keep_pages_percent: 100,
        torn_pages_percent: 0,
        garbage_percent: 0,
        keep_size_percent: 100,
        keep_entries_percent: 100,
        entries_in_order: true,
    };

    /// Chooses, with a preference for the extremes, where the faults are.
    #[must_use]
    pub fn random(rng: &mut Rng) -> Self {
        let mut percent = || match rng.u8(..4) {
            0 => 0,
            1 => 100,
            _ => rng.u8(5..=95),
        };
        Self {
            keep_pages_percent: percent(),
            torn_pages_percent: percent(),
            garbage_percent: percent(),
            keep_size_percent: percent(),
            keep_entries_percent: percent(),
            entries_in_order: rng.bool(),
        }
    }
}

impl State {
    /// Returns the state that the disk has when the power is back.
    pub(super) fn after_power_loss(&self, weather: &Weather, rng: &mut Rng) -> Self {
        let mut directories: BTreeMap<Key, _> = BTreeMap::new();
        for (&key, node) in &self.nodes {
            if let Body::Directory { durable, .. } = &node.body {
                directories.insert(key, durable.clone());
            }
        }
        for index in self.operations_left(weather, rng) {
            let operation = &self.pending[index];
            if let Some((dir, name)) = &operation.from {
                directories.entry(*dir).or_default().remove(name);
            }
            if let Some((dir, name)) = &operation.to {
                directories.entry(*dir).or_default().insert(name.clone(), operation.node);
            }
        }
        let mut left = BTreeMap::new();
        let mut found = vec![(self.root, self.root)];
        while let Some((key, parent)) = found.pop() {
            let Some(node) = self.nodes.get(&key) else { continue };
            let body = match &node.body {
                Body::File(content) => {
                    Body::File(Content::durable(content.after_power_loss(weather, rng)))
                }
                Body::Directory { .. } => {
                    let live = directories.remove(&key).unwrap_or_default();
                    found.extend(live.values().map(|&child| (child, key)));
                    Body::Directory { durable: live.clone(), live, parent }
                }
            };
            let (inode, mode, modified) = (node.inode, node.mode, node.modified);
            left.insert(key, Node { linked: true, body, ..Node::new(inode, mode, modified) });
        }
        self.rebooted(left, rng)
    }

    /// Chooses the changes of directories that reached the disk.
    fn operations_left(&self, weather: &Weather, rng: &mut Rng) -> Vec<usize> {
        let mut left = BTreeSet::new();
        let mut stopped = BTreeSet::new();
        for (index, operation) in self.pending.iter().enumerate() {
            let keeps = weather.keep_entries_percent > rng.u8(..100)
                && needed_by(&self.pending, index).iter().all(|needed| left.contains(needed))
                && !operation.directories().any(|dir| stopped.contains(&dir));
            if keeps {
                left.insert(index);
            } else if weather.entries_in_order {
                stopped.extend(operation.directories());
            }
        }
        left.into_iter().collect()
    }
}
