//! A crowd of members that comes together, and what one more or one less moves.

use crate::Extent;
use crate::ground::Ground;
use crate::members::Members;
use crate::spread::Spread;
use crate::table::Figure;

const MEMBERS: usize = 64;
const PARTITIONS: usize = 256;

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    let (mut waits, mut cpu, mut joined, mut left) = (vec![], vec![], vec![], vec![]);
    for _ in 0..extent.rounds {
        ground.fresh_store();
        let line = format!("stream topic create -path /s -topic crowd -partitions {PARTITIONS}");
        ground.streamctl(&line);
        let line = "--topic /s:crowd --group g --from-beginning \
                    --command-property partition.assignment.strategy=sticky";
        let mut members = Members::new(ground, line);
        let last = (0..MEMBERS).map(|_| members.start()).last().unwrap();
        members.wait_until_shared(PARTITIONS);
        waits.push(members.changed_ms - last);
        cpu.push(members.cpu_ms());

        // Each of the others has as many as it may keep, or one too many.
        members.revoked = 0;
        members.start();
        members.wait_until_shared(PARTITIONS);
        joined.push(members.revoked as f64 - (PARTITIONS / (MEMBERS + 1)) as f64);
        members.revoked = 0;
        members.first_leaves();
        members.wait_until_shared(PARTITIONS);
        left.push(members.revoked as f64);
    }
    let crowd = format!("{MEMBERS} members of {PARTITIONS} partitions");
    let title = format!("{crowd}: from the last start until all have their share");
    tell(Figure::new(title, Spread::of(waits), 2000.0, " ms"));
    let title = format!("{crowd}: processor time of all until then");
    tell(Figure::new(title, Spread::of(cpu), 4000.0, " ms"));
    let title = format!("{crowd}: partitions that one more moves without need, `sticky`");
    tell(Figure::new(title, Spread::of(joined), 0.0, ""));
    let title = format!("{crowd}: partitions that one less moves without need, `sticky`");
    tell(Figure::new(title, Spread::of(left), 0.0, ""));
}
