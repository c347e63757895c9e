//! What happened to a group, from outside: its log, what its members printed, what was done to them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::lines::Line;
use crate::topic::{Acked, Place};

use super::metronome::Late;

/// Milliseconds since 1970.
pub(super) type Ms = i64;

/// A record of the `cursors` log, in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Logged {
    pub(super) at: Ms,
    pub(super) what: What,
}

/// What a record of the `cursors` log says. Members have the numbers that they were started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Joined(u32),
    Left(u32),
    /// What a member owns from then on.
    Owned(u32, BTreeSet<u32>),
    /// A partition, and the offset of the next record.
    Committed(u32, i64),
}

/// A whole line that a member printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printed {
    pub(super) member: u32,
    pub(super) place: Place,
    pub(super) line: Line,
    /// Where in the common output it begins. Bytes.
    pub(super) begins: u64,
    pub(super) bytes: u64,
}

/// A stop of a member by a signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) at: Ms,
    /// When the others may take over from it; `None` if it had not joined yet.
    pub(super) deadline: Option<Ms>,
    /// When it went on.
    pub(super) ended: Ms,
    /// How long the common output was then. Bytes.
    pub(super) output_bytes: u64,
}

/// How a member ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Asked to, by a signal that it caught.
    Left,
    Killed,
    /// With exit status 9, and it said why.
    Fenced,
}

/// What is known of a member besides what it printed.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) commits_each: bool,
    /// When it was killed.
    pub(super) killed: Option<Ms>,
    pub(super) stops: Vec<Stop>,
    pub(super) end: End,
    /// The commits that it told of: partition and offset.
    pub(super) told: Vec<(u32, i64)>,
}

/// Everything that was seen of a group.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) log: Vec<Logged>,
    pub(super) printed: Vec<Printed>,
    /// Members of whose output a last line is not whole.
    pub(super) torn: Vec<u32>,
    pub(super) lives: BTreeMap<u32, Life>,
    pub(super) acked: Acked,
    /// From when on there were so many partitions, in the order of time.
    pub(super) grown: Vec<(Ms, u32)>,
    /// When the last members were asked to leave.
    pub(super) until: Ms,
    pub(super) late: Late,
}

impl History {
    /// Takes in what the members printed, all into one file: `>17 2 1034 line` is of member 17.
    /// Each write is in one piece; a killed member's last line may not be whole.
    #[track_caller]
    pub(super) fn read_output(&mut self, output: &str) {
        let mut begins = 0;
        for piece in output.split_inclusive('>').map(|piece| piece.trim_end_matches('>')) {
            let whole = piece.strip_suffix('\n').and_then(parse);
            let bytes = piece.len() as u64;
            match whole {
                Some((member, place, line)) => {
                    self.printed.push(Printed { member, place, line, begins, bytes });
                }
                None if piece.is_empty() => {}
                None => {
                    let member = piece.split(' ').next().and_then(|text| text.parse().ok());
                    self.torn.push(member.unwrap_or_else(|| panic!("whose is `{piece}`?")));
                }
            }
            begins += bytes + 1;
        }
    }
}

fn parse(piece: &str) -> Option<(u32, Place, Line)> {
    let mut words = piece.splitn(4, ' ');
    let member = words.next()?.parse().ok()?;
    let partition = words.next()?.parse().ok()?;
    let offset = words.next()?.parse().ok()?;
    Some((member, Place { partition, offset }, Line::parse(words.next()?)?))
}

/// Returns the time.
pub(super) fn now() -> Ms {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    i64::try_from(since.as_millis()).unwrap()
}

#[test]
fn output_is_read_line_by_line_and_a_torn_line_is_noticed() {
    let line = Line { producer: 1, mark: 0, sequence: 5 };
    let output = format!(">3 0 7 {line}\n>12 1 0 {line}\n>4 0 8 p1 m>3 0 8 {line}\n");
    let mut history = History::default();
    history.read_output(&output);
    let read: Vec<_> = history.printed.iter().map(|one| (one.member, one.place.offset)).collect();
    assert_eq!(read, [(3, 7), (12, 0), (3, 8)]);
    assert_eq!(history.torn, [4]);
    let last = history.printed[2];
    assert_eq!(last.begins + last.bytes, output.len() as u64);
}
