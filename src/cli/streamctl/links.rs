//! `streamctl links`: the names of older tools, as links to these programs.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::failure::{Exit, Failure};
use crate::cli::program::Program;
use crate::cli::session::Session;

/// Make links with the names that older tools have
///
/// In the directory: maprcli; kafka-console-producer, kafka-console-consumer, kafka-topics,
/// kafka-get-offsets and kafka-consumer-groups, also with .sh and .bat; and streamctl,
/// console-producer and console-consumer. They point to the programs that stand beside this one. A
/// link of ours is made anew; anything else of such a name is left untouched, and then no link is
/// made at all.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Make the links in this directory, which is made if it is missing
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// What is to be done about one name.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// It is the program itself, or a link to it already.
    Keep,
    /// Nothing is there, or an older link of ours.
    Make { replaces: bool },
    /// Something of somebody else's.
    Foreign,
}

impl Arguments {
    pub(super) fn run(&self, session: &Session) -> Result<(), Failure> {
        let programs = folder_of_programs()?;
        let cannot = |what: &str, path: &Path, error: io::Error| {
            let exit = match error.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Exit::NotPermitted,
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => Exit::AlreadyExists,
                _ => Exit::Failed,
            };
            let text = format!("cannot {what} `{}`", path.display());
            Failure::new(exit, anyhow::Error::new(error).context(text))
        };
        fs::create_dir_all(&self.directory)
            .map_err(|error| cannot("make directory", &self.directory, error))?;
        let mut plan = Vec::new();
        for program in Program::ALL {
            let goal = programs.join(program.executable());
            fs::metadata(&goal).map_err(|error| cannot("find", &goal, error))?;
            for name in std::iter::once(&program.name()).chain(program.old_names()) {
                let link = self.directory.join(name);
                let step = step(&link, &goal).map_err(|error| cannot("look at", &link, error))?;
                if step == Step::Foreign {
                    let text = format!("`{}` exists and is no link of ours", link.display());
                    return Err(Failure::message(Exit::AlreadyExists, text)
                        .with_hint("move it away, or choose another directory"));
                }
                plan.push((link, goal.clone(), step));
            }
        }
        for (link, goal, step) in plan {
            let Step::Make { replaces } = step else { continue };
            if replaces {
                fs::remove_file(&link).map_err(|error| cannot("replace", &link, error))?;
            }
            symlink(&goal, &link).map_err(|error| cannot("make link", &link, error))?;
        }
        session.done()
    }
}

/// Returns where the programs are that run now, by their real names.
fn folder_of_programs() -> Result<PathBuf, Failure> {
    let unknown = |error: io::Error| {
        Failure::new(
            Exit::Failed,
            anyhow::Error::new(error).context("cannot find where these programs are"),
        )
    };
    let program = std::env::current_exe().and_then(fs::canonicalize).map_err(unknown)?;
    Ok(program.parent().unwrap_or(Path::new("/")).to_owned())
}

/// Says what is to be done so that `link` points to `goal`.
fn step(link: &Path, goal: &Path) -> io::Result<Step> {
    let found = match fs::symlink_metadata(link) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Step::Make { replaces: false });
        }
        Err(error) => return Err(error),
    };
    if fs::canonicalize(link).is_ok_and(|path| path == goal) {
        return Ok(Step::Keep);
    }
    let is_ours = found.is_symlink()
        && fs::read_link(link)?
            .file_name()
            .and_then(OsStr::to_str)
            .is_some_and(|name| Program::ALL.iter().any(|program| program.executable() == name));
    Ok(if is_ours { Step::Make { replaces: true } } else { Step::Foreign })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{Step, step};

    #[test]
    fn only_links_of_ours_are_replaced() {
        let world = tempfile::tempdir().unwrap();
        let world = fs::canonicalize(world.path()).unwrap();
        let goal = world.join("streamctl");
        fs::write(&goal, "").unwrap();
        let link = world.join("maprcli");
        assert_eq!(step(&link, &goal).unwrap(), Step::Make { replaces: false });
        symlink(&goal, &link).unwrap();
        assert_eq!(step(&link, &goal).unwrap(), Step::Keep);
        assert_eq!(step(&goal, &goal).unwrap(), Step::Keep);
        for (points_to, expected) in
            [("/gone/bin/streamctl", Step::Make { replaces: true }), ("/bin/sh", Step::Foreign)]
        {
            fs::remove_file(&link).unwrap();
            symlink(points_to, &link).unwrap();
            assert_eq!(step(&link, &goal).unwrap(), expected);
        }
        fs::remove_file(&link).unwrap();
        fs::write(&link, "mine").unwrap();
        assert_eq!(step(&link, &goal).unwrap(), Step::Foreign);
    }
}
