//! `--replica-assignment`: how many partitions it makes. The brokers in it are nowhere.

use std::collections::BTreeSet;

use crate::cli::failure::Failure;

/// Returns the replicas of each partition.
///
/// # Errors
///
/// A number is none, a partition has a replica twice or more replicas than the first one: exit 2.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<i32>>, Failure> {
    let mut partitions: Vec<Vec<i32>> = Vec::new();
    let hint = "name the replicas of each partition, such as 1:2,2:3";
    for (partition, list) in text.split(',').enumerate() {
        let parsed: Result<Vec<i32>, _> = list
            .split(':')
            .map(|broker| {
                broker.trim().parse::<i32>().map_err(|_| {
                    Failure::usage(format!("For input string: \"{broker}\"")).with_hint(hint)
                })
            })
            .collect();
        let brokers = parsed?;
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<i32> =
            brokers.iter().copied().filter(|broker| !seen.insert(*broker)).collect();
        if !twice.is_empty() {
            let twice: Vec<String> = twice.iter().map(i32::to_string).collect();
            return Err(Failure::usage(format!(
                "Partition replica lists may not contain duplicate entries: {}",
                twice.join(",")
            ))
            .with_hint(hint));
        }
        if partitions.first().is_some_and(|first| first.len() != brokers.len()) {
            let shown: Vec<String> = brokers.iter().map(i32::to_string).collect();
            return Err(Failure::usage(format!(
                "Partition {partition} has different replication factor: [{}]",
                shown.join(", ")
            ))
            .with_hint(hint));
        }
        partitions.push(brokers);
    }
    Ok(partitions)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn section_10_replica_assignments() {
        let error = |text| parse(text).unwrap_err().to_string();
        let duplicate = "Partition replica lists may not contain duplicate entries: 5";
        assert_eq!(error("5:5"), duplicate, "10.9");
        assert_eq!(parse("5:4,3:2,1:0").unwrap(), [[5, 4], [3, 2], [1, 0]], "10.11");
        assert_eq!(error("1:2,3"), "Partition 1 has different replication factor: [3]");
        assert_eq!(error("1,2:3"), "Partition 1 has different replication factor: [2, 3]");
        assert_eq!(error("1,x"), "For input string: \"x\"");
    }
}
