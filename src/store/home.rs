//! The store: a directory of streams.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fs::{Dir, Directory, Disk, Kind, is_shared_badly};
use crate::path::{NameError, StreamPath};

use super::context::Context;
use super::error::StoreError;
use super::layout::{Made, STORE_DIR, is_missing, is_stream, open_dir_if_any, open_or_make};
use super::permit::owner_of;
use super::stream::Stream;

/// Permission bits of a store that is made on first use; what is in it is its owner's alone.
const HOME_MODE: u32 = 0o755;

/// The store at one directory.
///
/// - A directory that does not exist is an empty store; the first stream makes it.
/// - Nothing is cached: each call looks at the disk.
#[derive(Clone, Debug)]
pub struct Home {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    context: Context,
}

impl Home {
    /// Opens the store at `path`, which need not exist.
    ///
    /// # Errors
    /// `NotAStore` if `path` is not a directory; `NetworkFileSystem` unless allowed.
    pub fn open(disk: Arc<dyn Disk>, path: &Path, context: Context) -> Result<Self, StoreError> {
        let home = Self { disk, path: path.to_path_buf(), context };
        home.root()?;
        Ok(home)
    }

    /// The directory of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was said about the program that uses the store.
    pub fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Opens an existing stream.
    ///
    /// # Errors
    /// `StreamNotFound`, `InsideStream`, `Closed`, `NewerFormat`, `Damaged`.
    pub fn stream(&self, path: &StreamPath) -> Result<Stream, StoreError> {
        let not_found = || StoreError::StreamNotFound { stream: path.clone() };
        let Some(root) = self.root()? else { return Err(not_found()) };
        let mut parent = root.clone();
        let mut dir = root;
        for (index, component) in path.components().enumerate() {
            if index > 0 {
                refuse_inside(path, index, dir.as_ref())?;
            }
            let next = match open_dir_if_any(dir.as_ref(), OsStr::new(component)) {
                Ok(Some(next)) => next,
                Ok(None) => return Err(not_found()),
                Err(error) if is_no_directory(&error) => return Err(not_found()),
                Err(error) if is_closed(&error) => {
                    let owner = owner_of(dir.as_ref(), OsStr::new(component), self);
                    return Err(StoreError::Closed { stream: path.clone(), owner });
                }
                Err(error) => return Err(error.into()),
            };
            parent = std::mem::replace(&mut dir, next);
        }
        if !is_stream(dir.as_ref())? {
            return Err(not_found());
        }
        Stream::open(self, path, parent, dir)
    }

    /// Lists all streams, or those under a path such as `/apps`, in the order of their paths; a
    /// stream's own path lists that stream.
    ///
    /// # Errors
    /// `Name` if `under` is no path; the file system's. Directories that may not be read are
    /// left out.
    pub fn streams(&self, under: Option<&str>) -> Result<Vec<StreamPath>, StoreError> {
        let mut found = Vec::new();
        let Some(mut dir) = self.root()? else { return Ok(found) };
        let mut prefix = String::new();
        if let Some(under) = under.filter(|under| *under != "/") {
            let under = StreamPath::parse(under)?;
            for component in under.components() {
                dir = match open_dir_if_any(dir.as_ref(), OsStr::new(component)) {
                    Ok(Some(next)) => next,
                    Ok(None) => return Ok(found),
                    Err(error) if is_no_directory(&error) => return Ok(found),
                    Err(error) => return Err(error.into()),
                };
            }
            prefix = under.to_string();
        }
        if !prefix.is_empty() && is_stream(dir.as_ref())? {
            found.push(StreamPath::parse(&prefix)?);
            return Ok(found);
        }
        list_into(dir.as_ref(), &prefix, &mut found)?;
        found.sort();
        Ok(found)
    }

    /// The store's directory; `None` if it does not exist yet.
    pub(super) fn root(&self) -> Result<Option<Dir>, StoreError> {
        match self.disk.open_root(&self.path) {
            Ok(root) => {
                self.refuse_network(root.as_ref())?;
                Ok(Some(root))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.no_store(error)),
        }
    }

    /// The store's directory, made if it is missing.
    pub(super) fn root_or_make(&self) -> Result<Dir, StoreError> {
        if let Some(root) = self.root()? {
            return Ok(root);
        }
        let root =
            self.disk.make_root(&self.path, HOME_MODE).map_err(|error| self.no_store(error))?;
        self.refuse_network(root.as_ref())?;
        Ok(root)
    }

    /// A directory of the store's own, `.streampath/<name>`, made if it is missing.
    pub(super) fn own_dir(&self, root: &dyn Directory, name: &str) -> Result<Dir, StoreError> {
        let (own, made) = open_or_make(root, OsStr::new(STORE_DIR))?;
        let (dir, made_inside) = open_or_make(own.as_ref(), OsStr::new(name))?;
        if made_inside == Made::Now {
            own.sync()?;
        }
        if made == Made::Now {
            root.sync()?;
        }
        Ok(dir)
    }

    fn refuse_network(&self, root: &dyn Directory) -> Result<(), StoreError> {
        match is_shared_badly(root) {
            Some(kind) if !self.context.allow_network => {
                Err(StoreError::NetworkFileSystem { path: self.path.clone(), kind })
            }
            _ => Ok(()),
        }
    }

    fn no_store(&self, error: crate::fs::PathError) -> StoreError {
        if is_no_directory(&error) {
            let reason = "is not a directory, so it cannot be a store";
            return StoreError::NotAStore { path: self.path.clone(), reason };
        }
        error.into()
    }
}

/// Refuses a path of which the first `components` lead to a stream already.
pub(super) fn refuse_inside(
    path: &StreamPath,
    components: usize,
    dir: &dyn Directory,
) -> Result<(), StoreError> {
    if !is_stream(dir)? {
        return Ok(());
    }
    let stream = path.components().take(components).fold(String::new(), |mut text, component| {
        text.push('/');
        text.push_str(component);
        text
    });
    Err(StoreError::InsideStream { path: path.clone(), stream })
}

pub(super) fn is_closed(error: &crate::fs::PathError) -> bool {
    error.source.kind() == ErrorKind::PermissionDenied
}

pub(super) fn is_no_directory(error: &crate::fs::PathError) -> bool {
    error.source.kind() == ErrorKind::NotADirectory
}

fn list_into(
    dir: &dyn Directory,
    prefix: &str,
    found: &mut Vec<StreamPath>,
) -> Result<(), StoreError> {
    for entry in dir.list()? {
        let Some(name) = entry.name.to_str() else { continue };
        if entry.kind != Kind::Directory || name.starts_with(STORE_DIR) {
            continue;
        }
        let path = format!("{prefix}/{name}");
        let inside = match open_dir_if_any(dir, &entry.name) {
            Ok(Some(inside)) => inside,
            Ok(None) => continue,
            Err(error) if is_closed(&error) => continue,
            Err(error) => return Err(error.into()),
        };
        if !is_stream(inside.as_ref())? {
            list_into(inside.as_ref(), &path, found)?;
            continue;
        }
        match StreamPath::parse(&path) {
            Ok(path) => found.push(path),
            // Made by hand: nobody can name it.
            Err(NameError::Character { .. } | NameError::Reserved { .. }) => {}
            Err(_) => {}
        }
    }
    Ok(())
}
