//! Lists as Kafka's `ListSerializer` writes them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deserializer, Undecodable};

/// Classes of lists; all print alike.
const LISTS: [&str; 5] = [
    "java.util.ArrayList",
    "java.util.LinkedList",
    "java.util.Stack",
    "java.util.Vector",
    "java.util.concurrent.CopyOnWriteArrayList",
];

/// What Kafka says of a number of nulls that is negative, or too large.
const NULLS_WRONG: [&str; 2] = [
    "Corrupted byte[]. The number of null list entries cannot be negative.",
    "Corrupted byte[]. The number of null list entries cannot be larger than overall number of \
     elements.",
];

/// What Kafka says of a number of entries that is negative, or too large.
const ENTRIES_WRONG: [&str; 2] = [
    "Corrupted byte[]. The number of list entries cannot be negative.",
    "Corrupted byte[]. The number of list entries cannot be larger than overall number of bytes.",
];

/// What the list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inner(Deserializer);

impl Inner {
    /// Reads the properties `default.list.value.serde.type` and `.inner`, or those for keys.
    pub(super) fn from_settings(
        settings: &BTreeMap<&str, &str>,
        is_key: bool,
    ) -> Result<Self, String> {
        let part = if is_key { "key" } else { "value" };
        let find = |what: &str, missing: &str| {
            let name = format!("default.list.{part}.serde.{what}");
            settings.get(name.as_str()).copied().ok_or_else(|| {
                format!(
                    "Not able to determine the {missing} class because it was neither passed via \
                     the constructor nor set in the config: {name}"
                )
            })
        };
        let list = find("type", "list")?;
        if !LISTS.contains(&list) {
            return Err(format!("Deserializer's list class \"{list}\" could not be found."));
        }
        let inner = find("inner", "inner serde")?;
        let missing =
            || format!("Deserializer's inner serde class \"{inner}\" could not be found.");
        let kind = inner
            .strip_prefix("org.apache.kafka.common.serialization.Serdes$")
            .and_then(|name| name.strip_suffix("Serde"))
            .ok_or_else(missing)?;
        Deserializer::of_kind(kind, settings, is_key).map(Self).map_err(|_| missing())
    }

    /// Appends `[a, b]`. After an error `out` may have a part of it.
    pub(super) fn write(&self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Undecodable> {
        let wrong = |text: &str| Undecodable::serialization(text);
        let mut rest = bytes;
        let fixed = match take::<1>(&mut rest)? {
            [0] => Some(self.0.fixed_bytes().ok_or_else(|| {
                wrong(
                    "Data is encoded as constant size entries, but configured inner deserializer \
                     is not a known fixed-size deserializer.",
                )
            })?),
            [1] => None,
            _ => return Err(wrong("Invalid serialization strategy flag value")),
        };
        let mut nulls = BTreeSet::new();
        if fixed.is_some() {
            let count = count(&mut rest, bytes.len() / 4, &NULLS_WRONG)?;
            for _ in 0..count {
                nulls.insert(i32::from_be_bytes(take(&mut rest)?));
            }
        }
        let entries = count(&mut rest, bytes.len(), &ENTRIES_WRONG)?;
        out.push(b'[');
        for index in 0..entries {
            if index > 0 {
                out.extend_from_slice(b", ");
            }
            let size = match fixed {
                Some(size) if !nulls.contains(&index) => Some(size),
                Some(_) => None,
                None => match i32::from_be_bytes(take(&mut rest)?) {
                    -1 => None,
                    size => Some(usize::try_from(size).map_err(|_| {
                        wrong("Corrupted byte[]. A list entry cannot have negative size.")
                    })?),
                },
            };
            let Some(size) = size else {
                out.extend_from_slice(b"null");
                continue;
            };
            if size > bytes.len() {
                return Err(wrong(
                    "Corrupted byte[]. A list entry cannot be larger than the overall number of \
                     bytes.",
                ));
            }
            let (entry, behind) = rest
                .split_at_checked(size)
                .ok_or_else(|| wrong("End of the stream was reached prematurely"))?;
            rest = behind;
            self.0.write(entry, out)?;
        }
        out.push(b']');
        Ok(())
    }
}

/// Takes `N` bytes off the front.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Undecodable> {
    let Some((front, behind)) = rest.split_first_chunk::<N>() else {
        return Err(Undecodable {
            class: "org.apache.kafka.common.KafkaException",
            message: "Unable to deserialize into a List".to_owned(),
        });
    };
    *rest = behind;
    Ok(*front)
}

/// Takes a count of at most `most`; what is said if it is negative, and if it is larger.
fn count(rest: &mut &[u8], most: usize, wrong: &[&str; 2]) -> Result<i32, Undecodable> {
    let count = i32::from_be_bytes(take(rest)?);
    match usize::try_from(count) {
        Err(_) => Err(Undecodable::serialization(wrong[0])),
        Ok(size) if size > most => Err(Undecodable::serialization(wrong[1])),
        Ok(_) => Ok(count),
    }
}
