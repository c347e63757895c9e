//! Sharing among members that do not read the same topics: the most even assignment that there is,
//! with the fewest moves that it takes.
//!
//! Kafka's assignors stop at nearly even here. This is a minimum-cost flow instead: each partition
//! that leaves its holder costs one, and the squares of the members' numbers of partitions cost so
//! much more that they come first. A first guess is improved by cancelling negative cycles until
//! there are none, which is when it is a minimum. The cycles go over members (one hands a partition
//! to the next) and over one node more, the hub: a cycle through it is a chain that makes its first
//! member smaller and its last one larger.

use std::collections::BTreeSet;

use super::table::Table;

/// Returns an owner for each partition.
///
/// The sum of the squares of the members' numbers of partitions is as small as the subscriptions
/// allow, and among all such assignments no other one leaves more partitions with their holders.
pub(super) fn balance(table: &Table<'_>) -> Vec<Option<usize>> {
    let mut scales = Scales::new(table);
    while let Some((from, to)) = scales.widest_gap() {
        scales.hand_over(&[from, to]);
    }
    while let Some(cycle) = scales.negative_cycle() {
        scales.hand_over(&cycle);
    }
    scales.owners
}

/// What it costs to hand over a partition, and which one that is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Price {
    cost: i64,
    slot: usize,
}

/// An assignment that is being improved.
struct Scales<'t, 'a> {
    table: &'t Table<'a>,
    owners: Vec<Option<usize>>,
    /// The partitions of each member.
    piles: Vec<BTreeSet<usize>>,
    /// By giver and taker: the cheapest partition that can go from one to the other.
    prices: Vec<Vec<Option<Price>>>,
    /// What a member's first partition costs for being there; more than all moves together.
    weight: i64,
}

impl<'t, 'a> Scales<'t, 'a> {
    /// Leaves everything where it is, and gives what nobody holds to whoever has least; first what
    /// few can read.
    fn new(table: &'t Table<'a>) -> Self {
        let mut owners = table.holders.clone();
        let mut piles: Vec<BTreeSet<usize>> =
            table.held().into_iter().map(|held| held.into_iter().collect()).collect();
        let subscribers = |slot: usize| &table.topics[table.slots[slot].topic].subscribers;
        let mut free: Vec<usize> =
            (0..owners.len()).filter(|slot: &usize| owners[*slot].is_none()).collect();
        free.sort_by_key(|slot| (subscribers(*slot).len(), *slot));
        for slot in free {
            let least = subscribers(slot).iter().min_by_key(|member| piles[**member].len());
            let Some(&member) = least else {
                unreachable!("a topic of the table has a subscriber")
            };
            owners[slot] = Some(member);
            piles[member].insert(slot);
        }
        let members = table.members();
        let weight = 2 * (owners.len() as i64 + 1);
        let mut scales = Self { table, owners, piles, prices: vec![Vec::new(); members], weight };
        for giver in 0..members {
            scales.price(giver);
        }
        scales
    }

    /// Finds anew what a member can hand over.
    fn price(&mut self, giver: usize) {
        let mut prices: Vec<Option<Price>> = vec![None; self.table.members()];
        let offer = |prices: &mut Vec<Option<Price>>, taker: usize, price: Price| {
            if taker != giver && prices[taker].is_none_or(|best| price < best) {
                prices[taker] = Some(price);
            }
        };
        // Of each topic the one that is cheapest to hand to anybody: not its own, if there is one.
        let mut cheapest: Vec<Option<Price>> = vec![None; self.table.topics.len()];
        for &slot in &self.piles[giver] {
            let holder = self.table.holders[slot];
            if let Some(holder) = holder.filter(|holder| *holder != giver) {
                // Back to where it was: one move less.
                offer(&mut prices, holder, Price { cost: -1, slot });
            }
            let price = Price { cost: i64::from(holder == Some(giver)), slot };
            let best = &mut cheapest[self.table.slots[slot].topic];
            // Of equal ones the last, so that the low numbers stay.
            if best.is_none_or(|best| price.cost <= best.cost) {
                *best = Some(price);
            }
        }
        for (topic, price) in self.table.topics.iter().zip(cheapest) {
            for &taker in topic.subscribers.iter().filter(|_| price.is_some()) {
                if let Some(price) = price {
                    offer(&mut prices, taker, price);
                }
            }
        }
        self.prices[giver] = prices;
    }

    /// Returns the giver and the taker with the widest gap that one partition can narrow, the
    /// cheapest such pair first.
    fn widest_gap(&self) -> Option<(usize, usize)> {
        let mut best: Option<((usize, i64), (usize, usize))> = None;
        for (giver, prices) in self.prices.iter().enumerate() {
            for (taker, price) in prices.iter().enumerate() {
                let gap = self.piles[giver].len().saturating_sub(self.piles[taker].len());
                let Some(price) = price.filter(|_| gap >= 2) else { continue };
                let rank = (gap, -price.cost);
                if best.is_none_or(|(found, _)| rank > found) {
                    best = Some((rank, (giver, taker)));
                }
            }
        }
        best.map(|(_, pair)| pair)
    }

    /// What it costs that one node hands a partition to another; the node behind the members is the
    /// hub.
    fn cost(&self, from: usize, to: usize) -> Option<i64> {
        let hub = self.piles.len();
        let size = |member: usize| self.piles[member].len() as i64;
        match (from == hub, to == hub) {
            (true, true) => None,
            // (size + 1)² − size² in the last member, (size − 1)² − size² in the first: together
            // twice as much as these, but for the unit.
            (false, true) => Some(self.weight * size(from)),
            (true, false) => Some(self.weight * (1 - size(to))),
            (false, false) => self.prices[from][to].map(|price| price.cost),
        }
    }

    /// Finds a cycle of handing over that makes the whole cheaper (Bellman and Ford's method), as
    /// its nodes in order, the first one again at the end.
    fn negative_cycle(&self) -> Option<Vec<usize>> {
        let nodes = self.piles.len() + 1;
        let mut distances = vec![0_i64; nodes];
        let mut parents = vec![None; nodes];
        loop {
            let mut changed = false;
            for from in 0..nodes {
                for to in 0..nodes {
                    let Some(cost) = self.cost(from, to) else { continue };
                    if distances[from] + cost < distances[to] {
                        distances[to] = distances[from] + cost;
                        parents[to] = Some(from);
                        changed = true;
                    }
                }
            }
            if !changed {
                return None;
            }
            // There is a cycle among the parents after as many rounds as there are nodes, mostly
            // far sooner.
            if let Some(cycle) = cycle_among(&parents) {
                return Some(cycle);
            }
        }
    }

    /// Hands one partition from each node to the next.
    fn hand_over(&mut self, nodes: &[usize]) {
        let hub = self.piles.len();
        for pair in nodes.windows(2) {
            let &[from, to] = pair else { unreachable!("a window of two has two") };
            if from == hub || to == hub {
                continue;
            }
            let Some(price) = self.prices[from][to] else {
                unreachable!("a partition is handed over where there is one to hand over")
            };
            self.piles[from].remove(&price.slot);
            self.piles[to].insert(price.slot);
            self.owners[price.slot] = Some(to);
        }
        for &node in nodes.iter().filter(|node| **node != hub) {
            self.price(node);
        }
    }
}

/// Returns a cycle of nodes of which each is the parent of the next, if there is one.
fn cycle_among(parents: &[Option<usize>]) -> Option<Vec<usize>> {
    // From which start each node was seen first.
    let mut seen = vec![usize::MAX; parents.len()];
    for start in 0..parents.len() {
        let mut node = start;
        while seen[node] == usize::MAX {
            seen[node] = start;
            match parents[node] {
                Some(parent) => node = parent,
                None => break,
            }
        }
        if seen[node] == start && parents[node].is_some() {
            let mut cycle = vec![node];
            let mut back = parents[node];
            while let Some(parent) = back {
                cycle.push(parent);
                if parent == node {
                    cycle.reverse();
                    return Some(cycle);
                }
                back = parents[parent];
            }
        }
    }
    None
}
