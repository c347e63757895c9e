//! Each kind of fault, told to the checker.

use std::collections::BTreeSet;

use crate::groups::history::{End, History, Life, Logged, Ms, Printed, Stop, What};
use crate::lines::Line;
use crate::topic::Place;

use super::{Report, check};

/// A story of members 1 and 2 and of partition 0, told step by step.
#[derive(Default)]
struct Story {
    history: History,
    at: Ms,
    bytes: u64,
}

impl Story {
    /// Two members, of which the first owns the partition.
    fn begin() -> Story {
        let mut story = Story::default();
        story.history.grown = vec![(0, 1)];
        for member in [1, 2] {
            let life = Life {
                commits_each: false,
                killed: None,
                stops: Vec::new(),
                end: End::Left,
                told: Vec::new(),
            };
            story.history.lives.insert(member, life);
            story.log(What::Joined(member));
        }
        story.owns(1)
    }

    fn after(mut self, ms: Ms) -> Story {
        self.at += ms;
        self
    }

    fn log(&mut self, what: What) {
        self.history.log.push(Logged { at: self.at, what });
    }

    fn owns(mut self, member: u32) -> Story {
        self.log(What::Owned(member, BTreeSet::from([0])));
        self
    }

    fn releases(mut self, member: u32) -> Story {
        self.log(What::Owned(member, BTreeSet::new()));
        self
    }

    fn leaves(mut self, member: u32) -> Story {
        self.log(What::Left(member));
        self
    }

    fn commits(mut self, offset: i64) -> Story {
        self.log(What::Committed(0, offset));
        self
    }

    fn prints(mut self, member: u32, offsets: std::ops::Range<i64>) -> Story {
        for offset in offsets {
            let place = Place { partition: 0, offset };
            let sequence = u32::try_from(offset).unwrap();
            let line = Line { producer: 1, mark: 0, sequence };
            let (begins, bytes) = (self.bytes, 100);
            self.history.printed.push(Printed { member, place, line, begins, bytes });
            self.bytes += bytes;
        }
        self
    }

    fn acked(mut self, offset: i64) -> Story {
        let line = Line { producer: 1, mark: 0, sequence: u32::try_from(offset).unwrap() };
        self.history.acked.push((line, Place { partition: 0, offset }));
        self
    }

    fn life(&mut self, member: u32) -> &mut Life {
        self.history.lives.get_mut(&member).unwrap()
    }

    fn killed(mut self, member: u32) -> Story {
        let at = self.at;
        let life = self.life(member);
        (life.killed, life.end) = (Some(at), End::Killed);
        self
    }

    /// Stops a member for 5 s; it can be taken over from after 600 ms.
    fn stopped(mut self, member: u32) -> Story {
        let (at, output_bytes) = (self.at, self.bytes);
        let stop = Stop { at, deadline: Some(at + 600), ended: at + 5000, output_bytes };
        let life = self.life(member);
        life.stops.push(stop);
        life.end = End::Fenced;
        self
    }

    fn commits_each(mut self, member: u32) -> Story {
        self.life(member).commits_each = true;
        self
    }

    fn tells(mut self, member: u32, offset: i64) -> Story {
        self.life(member).told.push((0, offset));
        self
    }

    #[track_caller]
    fn check(mut self) -> Report {
        self.history.until = self.at;
        check(&self.history)
    }
}

#[test]
fn a_group_without_fault_is_one() {
    let story = Story::begin().prints(1, 0..10).commits(10).tells(1, 10).releases(1);
    let report = story.owns(2).prints(2, 10..20).commits(20).acked(5).acked(15).leaves(2).check();
    assert_eq!(report, Report { printed: 20, ..Report::default() });
}

#[test]
fn what_a_killed_member_did_not_commit_may_come_again() {
    let story = Story::begin().prints(1, 0..10).commits(4).killed(1).after(50).leaves(1);
    let report = story.owns(2).prints(2, 4..12).commits(12).leaves(2).check();
    let expected = Report {
        printed: 18,
        repeated: 6,
        killed: 1,
        repeated_most: 6,
        unowned_ms: 50,
        ..Report::default()
    };
    assert_eq!(report, expected);
}

#[test]
fn a_stopped_member_may_finish_its_write_and_no_more() {
    let story = || Story::begin().prints(1, 0..10).commits(10).stopped(1).after(650).leaves(1);
    let report = story().owns(2).prints(2, 10..20).commits(20).prints(1, 10..13).check();
    assert_eq!((report.repeated, report.late_printing, report.zombie_bytes_most), (3, 1, 300));
    assert_eq!((report.unowned_ms, report.late_records_most, report.fenced), (50, 3, 1));
}

#[test]
#[should_panic(expected = "was removed and lets out")]
fn a_stopped_member_that_goes_on_is_noticed() {
    let story = Story::begin().stopped(1).after(650).leaves(1).owns(2).prints(2, 0..9000);
    story.commits(9000).prints(1, 0..9000).check();
}

#[test]
#[should_panic(expected = "commits each record, was removed, and lets out 2")]
fn a_stopped_member_that_goes_on_with_single_commits_is_noticed() {
    let story = Story::begin().commits_each(1).stopped(1).after(650).leaves(1).owns(2);
    story.prints(2, 0..5).commits(5).prints(1, 0..2).check();
}

#[test]
#[should_panic(expected = "never printed")]
fn a_lost_record_is_noticed() {
    Story::begin().prints(1, 0..10).commits(10).acked(10).check();
}

#[test]
#[should_panic(expected = "goes on in partition 0 where it should not")]
fn a_record_left_out_is_noticed() {
    Story::begin().prints(1, 0..5).prints(1, 6..7).check();
}

#[test]
#[should_panic(expected = "goes on in partition 0 where it should not")]
fn an_heir_that_begins_before_the_cursor_is_noticed() {
    let story = Story::begin().prints(1, 0..10).commits(8).killed(1).leaves(1).owns(2);
    story.prints(2, 7..12).check();
}

#[test]
#[should_panic(expected = "goes on in partition 0 where it should not")]
fn a_record_printed_again_by_its_printer_is_noticed() {
    Story::begin().prints(1, 0..5).prints(1, 4..7).check();
}

#[test]
#[should_panic(expected = "which it does not own")]
fn a_release_without_a_commit_is_noticed() {
    let story = Story::begin().prints(1, 0..10).commits(9).releases(1).owns(2);
    story.prints(2, 9..10).commits(10).check();
}

#[test]
#[should_panic(expected = "leaves something of partition 0 uncommitted")]
fn leaving_without_a_commit_is_noticed() {
    let story = Story::begin().prints(1, 0..10).commits(9).leaves(1).owns(2);
    story.prints(2, 9..10).commits(10).check();
}

#[test]
#[should_panic(expected = "printed by member 1 and, without a reason, by member 2")]
fn a_record_that_comes_again_although_it_was_committed_is_noticed() {
    let story = Story::begin().prints(1, 0..10).commits(10).releases(1).owns(2);
    let mut story = story.prints(2, 10..12).commits(12);
    let again = Printed { member: 2, ..story.history.printed[4] };
    let mut reigns = super::reigns(&story.history.log);
    super::attribute(&mut reigns, &story.history);
    story.history.printed.push(again);
    super::repeated(&story.history, &reigns);
}

#[test]
#[should_panic(expected = "commits more of partition 0 than it printed")]
fn a_commit_of_what_was_not_printed_is_noticed() {
    Story::begin().prints(1, 0..10).commits(11).killed(1).check();
}

#[test]
#[should_panic(expected = "leaves 2 of partition 0")]
fn a_record_that_was_not_committed_by_itself_is_noticed() {
    let story = Story::begin().commits_each(1).prints(1, 0..10).commits(8).killed(1).leaves(1);
    story.owns(2).prints(2, 8..10).commits(10).check();
}

#[test]
#[should_panic(expected = "which nobody owns")]
fn a_commit_of_a_zombie_is_noticed() {
    Story::begin().prints(1, 0..10).stopped(1).after(650).leaves(1).commits(10).check();
}

#[test]
#[should_panic(expected = "which is not in the log")]
fn a_commit_that_is_only_told_is_noticed() {
    Story::begin().prints(1, 0..10).commits(10).tells(1, 9).check();
}

#[test]
#[should_panic(expected = "from 10 to 4")]
fn a_cursor_that_goes_back_is_noticed() {
    Story::begin().prints(1, 0..10).commits(10).commits(4).check();
}

#[test]
#[should_panic(expected = "is of both 1 and 2")]
fn two_owners_are_noticed() {
    Story::begin().owns(2).check();
}

#[test]
#[should_panic(expected = "after member 2 did")]
fn a_member_that_prints_on_after_it_let_go_is_noticed() {
    let story = Story::begin().prints(1, 0..10).commits(10).releases(1).owns(2).prints(2, 10..12);
    story.commits(12).prints(1, 10..11).check();
}

#[test]
#[should_panic(expected = "which it does not own")]
fn a_member_that_prints_what_it_never_had_is_noticed() {
    Story::begin().prints(2, 0..1).check();
}

#[test]
#[should_panic(expected = "prints half a line")]
fn half_a_line_is_noticed() {
    let mut story = Story::begin();
    story.history.torn.push(1);
    story.check();
}

#[test]
#[should_panic(expected = "nobody owns partition 0 for 1001 ms")]
fn a_partition_that_nobody_takes_over_is_noticed() {
    Story::begin().killed(1).after(1001).leaves(1).owns(2).after(1).check();
}

#[test]
#[should_panic(expected = "nobody owns partition 0 for 1050 ms")]
fn a_partition_of_a_stopped_member_that_nobody_takes_over_is_noticed() {
    Story::begin().stopped(1).after(1650).leaves(1).owns(2).check();
}

#[test]
#[should_panic(expected = "nobody owns partition 1")]
fn a_new_partition_that_nobody_reads_is_noticed() {
    let mut story = Story::begin().after(10);
    story.history.grown.push((10, 2));
    story.after(1001).check();
}

#[test]
fn the_lateness_of_the_harness_is_allowed_for() {
    let mut story = Story::begin().killed(1).after(1200).leaves(1).owns(2);
    story.history.late.beats = vec![(400, 150), (900, 60), (5000, 700)];
    let report = story.check();
    assert_eq!((report.unowned_ms, report.unowned_late_ms), (1200, 210));
}

#[test]
fn what_else_the_machine_does_is_allowed_for() {
    let mut story = Story::begin().killed(1).after(2400).leaves(1).owns(2);
    story.history.late.load = 2.5;
    assert_eq!(story.check().unowned_ms, 2400);
}

#[test]
fn nobody_can_act_while_one_is_stopped_whose_deadline_has_not_passed() {
    let mut story = Story::begin().killed(1).after(1500).leaves(1).owns(2);
    let stop = Stop { at: 5, deadline: Some(605), ended: 900, output_bytes: 0 };
    story.life(2).stops.push(stop);
    assert_eq!(story.check().unowned_ms, 900);
}
