//! The order of columns in MapR's tables: that of a Java `HashMap` of the field names.

/// Returns the indices of `names` in the order in which Java 8 and later iterates over them.
///
/// Two names in one bucket keep their order.
#[must_use]
pub(crate) fn hash_map_order(names: &[&str]) -> Vec<usize> {
    let mut buckets = 16;
    // The table doubles when it is more than three quarters full.
    while names.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|index| spread_hash(names[*index]) as usize & (buckets - 1));
    order
}

/// `String.hashCode()`, its upper half mixed into the lower one as `HashMap` does.
fn spread_hash(name: &str) -> u32 {
    let hash = name
        .encode_utf16()
        .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::hash_map_order;

    fn ordered(names: &str) -> String {
        let names: Vec<&str> = names.split(' ').collect();
        let order = hash_map_order(&names);
        order.iter().map(|index| names[*index]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_headers_of_the_real_tool() {
        assert_eq!(
            ordered("topic partitions consumers physicalsize logicalsize maxlag"),
            "partitions maxlag logicalsize topic consumers physicalsize"
        );
        assert_eq!(
            ordered(
                "partitionid physicalsize logicalsize maxoffset minoffsetacrossconsumers \
                 mintimestamp maxtimestamp mintimestampacrossconsumers fid master servers \
                 timestamptype"
            ),
            "fid minoffsetacrossconsumers mintimestampacrossconsumers maxtimestamp servers \
             logicalsize partitionid timestamptype mintimestamp physicalsize maxoffset master"
        );
        assert_eq!(
            ordered(
                "path physicalsize logicalsize numtopics defaultpartitions ttl compression \
                 autocreate produceperm consumeperm topicperm copyperm adminperm ischangelog \
                 defaulttimestamptype mincompactionlag deleteretention compact"
            ),
            "produceperm copyperm ischangelog logicalsize compact adminperm topicperm ttl \
             defaulttimestamptype path numtopics defaultpartitions autocreate mincompactionlag \
             consumeperm compression deleteretention physicalsize"
        );
        assert_eq!(
            ordered("topic owner ttl compression partitions ownvolume size"),
            "owner partitions ownvolume size topic compression ttl"
        );
    }
}
