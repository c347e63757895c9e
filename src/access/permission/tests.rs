//! The matrix against the vendor's table, written down once more in its own words.

use crate::access::{Action, Caller, Expression, Permission, Permissions, allows};
use crate::path::StreamPath;

/// Action, and what it takes: `|` between alternatives, `+` within one; `dir` for a right on the
/// directory. The rows of MapR's table; those marked with `own` are not in it.
const TABLE: &str = "
    StreamCreate           dir
    StreamEdit             admin
    StreamPurge            admin
    ReplicaManage          admin
    UpstreamManage         admin
    ReplicaAdd             admin+copy
    TopicCreate            topic
    TopicEdit              topic
    TopicDelete            topic
    StreamInfo             admin|consume|produce|topic
    StreamInfoPermissions  admin
    TopicList              admin|consume|produce|topic
    TopicInfo              admin|consume|produce|topic
    CursorList             admin|consume|produce|topic
    AssignList             admin|consume|produce|topic
    CursorDelete           admin|consume
    StreamDelete           dir
    Produce                produce
    Consume                consume
    CopyFrom               consume|copy
    CopyTo                 copy|produce+consume+topic
    StreamList             dir                          own
    CursorSet              admin|consume                own
    TopicAutocreate        produce                      own
";

const BOB: &str = "u:bob";

fn bob() -> Caller {
    Caller { user: Some("bob".into()), uid: 1002, groups: Vec::new() }
}

/// What the table says of an action, with a set of permissions by their names.
fn table_says(action: Action, held: &[&str]) -> bool {
    let name = format!("{action:?}");
    let row = TABLE
        .lines()
        .map(str::split_whitespace)
        .find_map(|mut words| if words.next() == Some(&name) { words.next() } else { None });
    let takes = row.unwrap_or_else(|| panic!("{name} is not in the table"));
    takes == "dir" || takes.split('|').any(|all| all.split('+').all(|one| held.contains(&one)))
}

fn short(permission: Permission) -> &'static str {
    permission.name().strip_suffix("perm").unwrap()
}

/// The permissions that `set`, a bit for each, gives to bob; the others are alice's.
fn given(set: usize) -> Permissions {
    let [produce, consume, topic, copy, admin] = [0, 1, 2, 3, 4].map(|bit| {
        let text = if set >> bit & 1 == 1 { BOB } else { "u:alice" };
        text.parse::<Expression>().unwrap()
    });
    Permissions { produce, consume, topic, copy, admin }
}

#[test]
fn every_action_with_every_set_of_permissions_is_as_the_table_says() {
    for action in Action::ALL {
        for set in 0..32 {
            let permissions = given(set);
            let held = Permission::ALL.into_iter().filter(|one| permissions.has(*one, &bob()));
            let held: Vec<&str> = held.map(short).collect();
            assert_eq!(held.len(), set.count_ones() as usize);
            assert_eq!(
                allows(action, &permissions, &bob()).is_ok(),
                table_says(action, &held),
                "{action:?} with {held:?}"
            );
        }
    }
}

#[test]
fn every_action_is_listed_once_and_the_table_has_no_other() {
    let mut names: Vec<String> = Action::ALL.iter().map(|action| format!("{action:?}")).collect();
    let mut rows: Vec<&str> =
        TABLE.lines().filter_map(|line| line.split_whitespace().next()).collect();
    names.sort();
    rows.sort_unstable();
    assert_eq!(names, rows);
}

/// Runs the proposed command: sets what its options say.
fn apply(command: &str, permissions: &mut Permissions) -> usize {
    let rest = command.strip_prefix("streamctl stream edit -path /s -").unwrap();
    let options: Vec<&str> = rest.split(" -").collect();
    for option in &options {
        let (name, quoted) = option.split_once(' ').unwrap();
        let expression = quoted.trim_matches('\'').parse().unwrap();
        match name {
            "produceperm" => permissions.produce = expression,
            "consumeperm" => permissions.consume = expression,
            "topicperm" => permissions.topic = expression,
            "copyperm" => permissions.copy = expression,
            "adminperm" => permissions.admin = expression,
            _ => panic!("{name} is no option"),
        }
    }
    options.len()
}

#[test]
fn the_proposed_command_grants_just_what_is_missing() {
    let stream = StreamPath::parse("/s").unwrap();
    for action in Action::ALL {
        for set in 0..32 {
            let before = given(set);
            let Err(denied) = allows(action, &before, &bob()) else { continue };
            let mut after = before.clone();
            let options = apply(&denied.grant(&stream).unwrap(), &mut after);
            assert_eq!(allows(action, &after, &bob()), Ok(()), "{denied}");
            assert_eq!(options, denied.missing().len());
            let gained = |one: &Permission| after.has(*one, &bob()) != before.has(*one, &bob());
            let gained: Vec<Permission> = Permission::ALL.into_iter().filter(gained).collect();
            assert_eq!(gained.len(), options, "{denied}");
            for missing in denied.missing() {
                assert!(gained.contains(&missing.permission), "{denied}");
                assert!(denied.to_string().contains(missing.permission.name()), "{denied}");
            }
        }
    }
}

#[test]
fn the_default_is_everything_for_the_creator_and_nothing_for_others() {
    let permissions = Permissions::created_by(&bob());
    assert!(Permission::ALL.iter().all(|one| permissions.get(*one).to_string() == BOB));
    let root = Caller { user: Some("root".into()), uid: 0, groups: Vec::new() };
    for action in Action::ALL {
        assert_eq!(allows(action, &permissions, &bob()), Ok(()));
        assert_eq!(allows(action, &permissions, &root).is_ok(), table_says(action, &[]));
    }
}

#[test]
fn requirements_can_be_read() {
    for (action, text) in [
        (Action::StreamCreate, "write on the directory"),
        (Action::StreamList, "read on the directory"),
        (Action::StreamInfo, "consumeperm, produceperm, topicperm or adminperm"),
        (Action::CursorDelete, "consumeperm or adminperm"),
        (Action::ReplicaAdd, "adminperm and copyperm"),
        (Action::CopyTo, "copyperm or all of produceperm, consumeperm and topicperm"),
    ] {
        assert_eq!(action.requirement().to_string(), text);
    }
}
