//! What a group promises, judged by what was seen of it. Nothing here runs anything.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use crate::topic::Place;

use super::history::{End, History, Logged, Ms, Printed, What};
use super::reigns::{LatePrints, Reign, Reigns, attribute, reigns};

/// For how long a partition may have no owner after a death can be seen or a deadline has passed.
const UNOWNED_MAX_MS: i64 = 1000;
/// What a member may have under way when it is stopped: one write of 256 KiB, which may end with a
/// line that does not fit. Bytes.
const UNDER_WAY_BYTES_MAX: u64 = (256 << 10) + 256;

/// What is worth telling of a history without fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// Lines that were printed, and how many of them again.
    pub(super) printed: usize,
    pub(super) repeated: usize,
    /// Members that were killed, and that were fenced; of those, that nobody had stopped.
    pub(super) killed: usize,
    pub(super) fenced: usize,
    pub(super) fenced_running: usize,
    /// The most that was printed again after one end of a reign.
    pub(super) repeated_most: i64,
    /// The longest time without an owner, and the time by which the harness was late in it.
    pub(super) unowned_ms: i64,
    pub(super) unowned_late_ms: i64,
    /// How many members printed after they had been removed, and the most of it.
    pub(super) zombies_printing: usize,
    pub(super) zombie_bytes_most: u64,
    /// How many printed after their heir had, and the most of it.
    pub(super) late_printing: usize,
    pub(super) late_records_most: u64,
}

/// Checks everything. Panics with what is wrong.
#[track_caller]
pub(super) fn check(history: &History) -> Report {
    let mut reigns = reigns(&history.log);
    let late = attribute(&mut reigns, history);
    delivered(history);
    torn(history);
    committed(history, &reigns);
    let mut report = Report {
        printed: history.printed.len(),
        killed: history.lives.values().filter(|life| life.end == End::Killed).count(),
        late_printing: late.of.len(),
        late_records_most: late.of.values().map(|(_, records)| *records).max().unwrap_or(0),
        ..Report::default()
    };
    let fenced = || history.lives.values().filter(|life| life.end == End::Fenced);
    report.fenced = fenced().count();
    report.fenced_running = fenced().filter(|life| life.stops.is_empty()).count();
    zombies(history, &late, &mut report);
    (report.repeated, report.repeated_most) = repeated(history, &reigns);
    unowned(history, &reigns, &mut report);
    report
}

/// Everything that was acknowledged was printed at least once, from where it was said to be.
#[track_caller]
fn delivered(history: &History) {
    let mut lines = HashMap::new();
    for Printed { place, line, member, .. } in &history.printed {
        let before = lines.insert(*place, *line).is_none_or(|before| before == *line);
        assert!(before, "member {member} prints another line of {place:?}: `{line}`");
    }
    for (line, place) in &history.acked {
        match lines.get(place) {
            Some(printed) => assert_eq!(printed, line, "acknowledged at {place:?}"),
            None => panic!("acknowledged at {place:?} and never printed: `{line}`"),
        }
    }
}

/// A line is whole unless its printer was killed.
#[track_caller]
fn torn(history: &History) {
    for member in &history.torn {
        let end = history.lives[member].end;
        assert!(end == End::Killed, "member {member} prints half a line and ends {end:?}");
    }
}

/// Nothing was committed that was not printed, and everything by those who let go of a partition
/// themselves; what members told of their commits is true.
#[track_caller]
fn committed(history: &History, reigns: &Reigns) {
    for (partition, reign) in each(reigns) {
        let member = reign.member;
        if let Some(most) = reign.commits.last() {
            assert!(
                *most <= reign.next,
                "member {member} commits more of partition {partition} than it printed: {reign:?}"
            );
        }
        assert!(
            reign.is_abrupt(&history.lives[&member]) || reign.cursor == reign.next,
            "member {member} leaves something of partition {partition} uncommitted: {reign:?}"
        );
    }
    for (member, life) in &history.lives {
        for (partition, offset) in &life.told {
            let of = reigns.get(partition).into_iter().flatten();
            let mut own = of.filter(|reign| reign.member == *member);
            assert!(
                own.any(|reign| reign.commits.contains(offset)),
                "member {member} tells of a commit of {offset} in partition {partition}, which is \
                 not in the log"
            );
        }
    }
}

/// Each record that was printed again had been printed by a member with an abrupt end, and had not
/// been committed then: with a commit for each record that is one. Returns how many there were, and
/// the most after one end.
#[track_caller]
fn repeated(history: &History, reigns: &Reigns) -> (usize, i64) {
    let mut seen: HashMap<Place, u32> = HashMap::new();
    let mut repeated = 0;
    for Printed { member, place, .. } in &history.printed {
        let Some(before) = seen.insert(*place, *member) else { continue };
        repeated += 1;
        let explains = |reign: &Reign| {
            // A fenced one may have been the later of the two.
            [before, *member].contains(&reign.member)
                && reign.is_abrupt(&history.lives[&reign.member])
                && (reign.cursor..reign.next).contains(&place.offset)
        };
        assert!(
            reigns[&place.partition].iter().any(explains),
            "{place:?} is printed by member {before} and, without a reason, by member {member}: {:?}",
            reigns[&place.partition]
        );
    }
    let mut most = 0;
    for (partition, reign) in each(reigns) {
        let left = reign.next - reign.cursor;
        assert!(
            left <= 1 || !history.lives[&reign.member].commits_each,
            "member {} commits each record and leaves {left} of partition {partition}",
            reign.member
        );
        most = most.max(left);
    }
    (repeated, most)
}

/// A member that was removed while it was stopped lets out no more than what was under way.
#[track_caller]
fn zombies(history: &History, late: &LatePrints, report: &mut Report) {
    let removed: BTreeMap<u32, Ms> = history
        .log
        .iter()
        .filter_map(|logged| match logged.what {
            What::Left(member) => Some((member, logged.at)),
            _ => None,
        })
        .collect();
    let mut let_out: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for Printed { member, begins, bytes, .. } in &history.printed {
        let was_removed = |at: Ms| removed.get(member).is_some_and(|removed| *removed < at);
        let stops = &history.lives[member].stops;
        let mut after =
            stops.iter().filter(|stop| was_removed(stop.ended) && *begins >= stop.output_bytes);
        if after.next().is_some() {
            let (all, records) = let_out.entry(*member).or_default();
            (*all, *records) = (*all + bytes, *records + 1);
        }
    }
    report.zombies_printing = let_out.len();
    for (member, (bytes, records)) in let_out.iter().chain(&late.of) {
        report.zombie_bytes_most = report.zombie_bytes_most.max(*bytes);
        assert!(
            *bytes <= UNDER_WAY_BYTES_MAX,
            "member {member} was removed and lets out {bytes} bytes"
        );
        assert!(
            *records <= 1 || !history.lives[member].commits_each,
            "member {member} commits each record, was removed, and lets out {records}"
        );
    }
}

/// No partition is without an owner for longer than it may be. A member that is dead, or stopped
/// past its deadline, owns nothing; while one is stopped whose deadline has not passed, nobody can
/// know whether it is the one to act.
#[track_caller]
fn unowned(history: &History, reigns: &Reigns, report: &mut Report) {
    let blind: Vec<(Ms, Ms)> = history
        .lives
        .values()
        .flat_map(|life| &life.stops)
        .map(|stop| (stop.at, stop.deadline.unwrap_or(stop.ended).min(stop.ended)))
        .collect();
    let first = history.log.first().map_or(0, |logged| logged.at);
    let partitions: BTreeSet<u32> = (0..history.grown.last().map_or(0, |(_, count)| *count))
        .chain(reigns.keys().copied())
        .collect();
    for partition in partitions {
        let known = history.grown.iter().find(|(_, count)| *count > partition);
        let mut since = known.map_or(first, |(at, _)| *at).max(first);
        let of = reigns.get(&partition).into_iter().flatten();
        let served = of.flat_map(|reign| served(history, reign));
        for (from, until) in served.chain([(history.until, history.until)]) {
            if from > since {
                let mut holes = blind.clone();
                holes.push((history.until, Ms::MAX));
                let unowned_ms = left_of((since, from), &mut holes);
                let late_ms = history.late.between(since, from);
                if unowned_ms > report.unowned_ms {
                    (report.unowned_ms, report.unowned_late_ms) = (unowned_ms, late_ms);
                }
                assert!(
                    unowned_ms <= history.late.allowed(UNOWNED_MAX_MS) + late_ms,
                    "nobody owns partition {partition} for {unowned_ms} ms, from {since} to \
                     {from}; this harness was late by {late_ms} ms then{}",
                    around(history, since, from)
                );
            }
            since = since.max(until);
        }
    }
}

/// What happened around a time, by the log and by what was done to members; times count from
/// `since`.
fn around(history: &History, since: Ms, until: Ms) -> String {
    let near = |from: Ms, to: Ms| from < until + 100 && to > since - 1000;
    let mut text = String::new();
    for Logged { at, what } in &history.log {
        if near(*at, *at) && !matches!(what, What::Committed(..)) {
            write!(text, "\n{:6} {what:?}", at - since).unwrap();
        }
    }
    for (member, life) in &history.lives {
        for stop in life.stops.iter().filter(|stop| near(stop.at, stop.ended)) {
            let deadline = stop.deadline.map(|deadline| deadline - since);
            let (at, ended) = (stop.at - since, stop.ended - since);
            write!(text, "\n{at:6} {member} is stopped until {ended}, deadline {deadline:?}")
                .unwrap();
        }
        if let Some(killed) = life.killed.filter(|at| near(*at, *at)) {
            write!(text, "\n{:6} {member} is killed", killed - since).unwrap();
        }
    }
    text
}

/// The times in which an owner could do something.
fn served(history: &History, reign: &Reign) -> Vec<(Ms, Ms)> {
    let life = &history.lives[&reign.member];
    let end = reign.until.map_or(history.until, |(at, _)| at);
    let end = end.min(life.killed.unwrap_or(Ms::MAX));
    let mut served = Vec::new();
    let mut from = reign.from;
    for stop in &life.stops {
        let deadline = stop.deadline.unwrap_or(Ms::MAX);
        if deadline < stop.ended && deadline < end && stop.ended > from {
            served.push((from, deadline.max(from)));
            from = stop.ended;
        }
    }
    if from < end {
        served.push((from, end));
    }
    served
}

/// How much of a time is left without its holes.
fn left_of((from, until): (Ms, Ms), holes: &mut [(Ms, Ms)]) -> i64 {
    holes.sort_unstable();
    let mut left = 0;
    let mut since = from;
    for (begin, end) in holes {
        left += ((*begin).min(until) - since).max(0);
        since = since.max(*end);
    }
    left + (until - since).max(0)
}

fn each(reigns: &Reigns) -> impl Iterator<Item = (u32, &Reign)> {
    reigns.iter().flat_map(|(partition, of)| of.iter().map(|reign| (*partition, reign)))
}

#[cfg(test)]
#[path = "checker_tests.rs"]
mod tests;
