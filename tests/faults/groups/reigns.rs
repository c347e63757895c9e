//! Who owned which partition when, by the log of cursors; and what each owner printed of it.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{End, History, Life, Logged, Ms, Printed, What};

/// The time in which a member owns a partition.
#[derive(Clone, Debug)]
pub(super) struct Reign {
    pub(super) member: u32,
    pub(super) from: Ms,
    /// The end, and whether the member let go of the partition itself, remaining a member.
    pub(super) until: Option<(Ms, bool)>,
    pub(super) commits: BTreeSet<i64>,
    /// The cursor at its end.
    pub(super) cursor: i64,
    /// The offset behind the last record that was printed in it; the cursor at its beginning if none
    /// was.
    pub(super) next: i64,
}

impl Reign {
    /// Whether it ended, or may have ended, with records printed that were not committed.
    pub(super) fn is_abrupt(&self, life: &Life) -> bool {
        match self.until {
            Some((_, released)) => !released && life.end != End::Left,
            None => life.end != End::Left,
        }
    }
}

/// The reigns over each partition, in their order.
pub(super) type Reigns = BTreeMap<u32, Vec<Reign>>;

/// Reads them from the log. Panics if two own one partition, if a cursor goes back, or if something
/// is committed for a partition that nobody owns.
#[track_caller]
pub(super) fn reigns(log: &[Logged]) -> Reigns {
    let mut reigns = Reigns::new();
    let mut owned: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut cursors: BTreeMap<u32, i64> = BTreeMap::new();
    for Logged { at, what } in log {
        match what {
            What::Joined(member) => {
                let before = owned.insert(*member, BTreeSet::new());
                assert!(before.is_none(), "member {member} joins twice");
            }
            What::Left(member) => {
                let all = owned.remove(member);
                let all = all.unwrap_or_else(|| panic!("member {member} leaves and is none"));
                for partition in all {
                    end(&mut reigns, partition, (*at, false));
                }
            }
            What::Owned(member, now) => {
                let before = owned.insert(*member, now.clone());
                let before =
                    before.unwrap_or_else(|| panic!("member {member} owns something and is none"));
                for partition in &before - now {
                    end(&mut reigns, partition, (*at, true));
                }
                for partition in now - &before {
                    let start = cursors.get(&partition).copied().unwrap_or(0);
                    let reigns = reigns.entry(partition).or_default();
                    let last = reigns.last().filter(|last| last.until.is_none());
                    if let Some(last) = last {
                        let owner = last.member;
                        panic!("partition {partition} is of both {owner} and {member} at {at}");
                    }
                    reigns.push(Reign {
                        member: *member,
                        from: *at,
                        until: None,
                        commits: BTreeSet::new(),
                        cursor: start,
                        next: start,
                    });
                }
            }
            What::Committed(partition, offset) => {
                let reign = reigns.get_mut(partition).and_then(|reigns| reigns.last_mut());
                let Some(reign) = reign.filter(|reign| reign.until.is_none()) else {
                    panic!("{offset} is committed in partition {partition}, which nobody owns");
                };
                let before = cursors.insert(*partition, *offset).unwrap_or(0);
                assert!(before <= *offset, "partition {partition}: from {before} to {offset}");
                reign.commits.insert(*offset);
                reign.cursor = *offset;
            }
        }
    }
    reigns
}

fn end(reigns: &mut Reigns, partition: u32, how: (Ms, bool)) {
    let reign = reigns.get_mut(&partition).and_then(|reigns| reigns.last_mut());
    reign.expect("whoever owns a partition has begun to").until = Some(how);
}

/// What was printed by members whose partition another one had printed from already.
#[derive(Debug, Default)]
pub(super) struct LatePrints {
    /// Bytes and records, by member.
    pub(super) of: BTreeMap<u32, (u64, u64)>,
}

/// Finds the reign in which each line was printed. Panics if a member prints what it does not own,
/// unless it was fenced and another one owns that by now; if it leaves something out; or if it prints
/// something twice.
#[track_caller]
pub(super) fn attribute(reigns: &mut Reigns, history: &History) -> LatePrints {
    let mut late = LatePrints::default();
    // Which reign over each partition the last line belongs to.
    let mut current: BTreeMap<u32, usize> = BTreeMap::new();
    for printed in &history.printed {
        let Printed { member, place, .. } = *printed;
        let none = || panic!("member {member} prints {place:?} and never owned that partition");
        let reigns = reigns.get_mut(&place.partition).unwrap_or_else(none);
        let at = current.entry(place.partition).or_insert(0);
        // Its own reign goes on; or another one has begun meanwhile, which begins at the cursor.
        let goes_on = |index: usize| {
            let reign = &reigns[index];
            let is_over = reign.until.is_some_and(|(_, released)| released);
            reign.member == member && !(is_over && place.offset >= reign.cursor)
        };
        let later = || (*at..reigns.len()).find(|index| goes_on(*index));
        let found = later().or_else(|| {
            let earlier = (0..*at).rev().find(|index| reigns[*index].member == member)?;
            let (bytes, records) = late.of.entry(member).or_default();
            (*bytes, *records) = (*bytes + printed.bytes, *records + 1);
            let end = history.lives[&member].end;
            assert!(
                end == End::Fenced,
                "member {member} prints {place:?} after member {} did, and ends {end:?}",
                reigns[*at].member
            );
            Some(earlier)
        });
        let Some(found) = found else {
            panic!("member {member} prints {place:?}, which it does not own: {reigns:?}")
        };
        *at = found.max(*at);
        let reign = &mut reigns[found];
        assert_eq!(
            place.offset, reign.next,
            "member {member} goes on in partition {} where it should not: {reign:?}",
            place.partition
        );
        reign.next += 1;
    }
    late
}
