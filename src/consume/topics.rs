//! Which topics are read: one, or those of a stream whose names are wanted, now and later.

use std::collections::HashSet;
use std::fmt;

use crate::catalog::{ObjectId, TopicObject};
use crate::fs::WatchId;
use crate::path::TopicName;
use crate::store::{StoreError, Stream, Topic};

use super::error::{ConsumeError, News, Notice, TopicNews};
use super::lane::Lane;
use super::place::{ConsumerConfig, Start, Until};

/// The topics of a stream whose names are wanted: those that are there, and those that come.
pub struct Subscription {
    pub(super) stream: Stream,
    wants: Box<dyn Fn(&TopicName) -> bool + Send>,
}

impl Subscription {
    /// Wants the topics of `stream` for whose names `wants` says so.
    pub fn new(stream: Stream, wants: impl Fn(&TopicName) -> bool + Send + 'static) -> Self {
        Self { stream, wants: Box::new(wants) }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// A topic that is read.
#[derive(Debug)]
pub(super) struct Subject {
    /// As it was last looked at.
    pub(super) topic: Topic,
    pub(super) watch: Option<WatchId>,
    /// It was deleted, and its lanes are closed.
    pub(super) gone: bool,
}

impl Subject {
    fn new(topic: Topic) -> Self {
        Self { topic, watch: None, gone: false }
    }
}

/// What a consumer reads, and what there is to tell of it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) config: ConsumerConfig,
    /// In the order in which they were found: their numbers stay.
    pub(super) subjects: Vec<Subject>,
    pub(super) lanes: Vec<Lane>,
    pub(super) subscription: Option<Subscription>,
    /// Somebody else says which partitions are read.
    pub(super) is_assigned: bool,
    /// More than one topic may be read: each is named, and the end of one is not the end of all.
    pub(super) is_several: bool,
    /// Topics that were found, whether they can be read or not.
    known: HashSet<ObjectId>,
    /// The ranks of the lanes are right.
    is_ranked: bool,
    pub(super) notices: Vec<Notice>,
    pub(super) topic_news: Vec<TopicNews>,
    /// Watches of what is no longer read.
    pub(super) unwatched: Vec<WatchId>,
}

impl Reading {
    pub(super) fn new(config: ConsumerConfig, subscription: Option<Subscription>) -> Self {
        Self {
            config,
            subjects: Vec::new(),
            lanes: Vec::new(),
            is_several: subscription.is_some(),
            subscription,
            is_assigned: false,
            known: HashSet::new(),
            is_ranked: false,
            notices: Vec::new(),
            topic_news: Vec::new(),
            unwatched: Vec::new(),
        }
    }

    /// Adds a topic with its lanes, each at its start.
    pub(super) fn add(
        &mut self,
        topic: Topic,
        start: &dyn Fn(u32) -> Start,
    ) -> Result<(), ConsumeError> {
        let wanted = match self.config.partition {
            Some(partition) => partition..=partition,
            None => 0..=topic.partitions() - 1,
        };
        let index = self.subjects.len();
        let mut lanes = Vec::new();
        for partition in wanted {
            let place = (index, partition);
            lanes.push(Lane::open(place, &topic, start(partition), &self.config)?);
        }
        self.known.insert(topic.object().id);
        self.subjects.push(Subject::new(topic));
        for (lane, news) in lanes {
            self.tell(index, lane.partition, news);
            self.lanes.push(lane);
        }
        self.is_ranked = false;
        Ok(())
    }

    /// Reads what is assigned: nothing yet, of one topic or of several.
    pub(super) fn assigned(config: ConsumerConfig, topic: Option<Topic>) -> Self {
        let is_several = topic.is_none();
        let mut reading = Self { is_assigned: true, is_several, ..Self::new(config, None) };
        reading.subjects.extend(topic.map(Subject::new));
        reading
    }

    /// Reads a partition of a topic, too.
    pub(super) fn assign(
        &mut self,
        topic: &Topic,
        partition: u32,
        start: Start,
    ) -> Result<(), ConsumeError> {
        let is_it = |subject: &Subject| subject.topic.object().id == topic.object().id;
        let found = self.subjects.iter().position(is_it);
        let index = found.unwrap_or(self.subjects.len());
        match Lane::open((index, partition), topic, start, &self.config) {
            Ok((lane, news)) => {
                if found.is_none() {
                    self.subjects.push(Subject::new(topic.clone()));
                }
                self.tell(index, partition, news);
                self.lanes.push(lane);
                self.is_ranked = false;
                Ok(())
            }
            // It was deleted meanwhile.
            Err(ConsumeError::Gone { topic }) if found.is_some() => self.lose(index, topic),
            Err(ConsumeError::Gone { .. }) if self.is_several => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reads a partition no longer. Returns how many of its records had expired.
    pub(super) fn revoke(&mut self, (topic, partition): (usize, u32)) -> u64 {
        let is_it = |lane: &mut Lane| lane.topic == topic && lane.partition == partition;
        let mut expired = 0;
        for lane in self.lanes.extract_if(.., is_it) {
            expired += lane.expired;
            self.unwatched.extend(lane.watches.all());
        }
        self.is_ranked = false;
        expired
    }

    /// Looks for topics that are wanted and not read yet. `are_new` if they came after the consumer
    /// was made: then nothing that is in them was there before.
    pub(super) fn find_topics(&mut self, are_new: bool) -> Result<(), ConsumeError> {
        let Some(subscription) = &self.subscription else { return Ok(()) };
        let mut found = subscription.stream.topics_to_read()?;
        found.retain(|object| {
            !self.known.contains(&object.id) && (subscription.wants)(&object.name)
        });
        for object in found {
            match self.open_found(&object, are_new) {
                // Deleted again: what nobody has seen is not missed.
                Ok(()) | Err(ConsumeError::Gone { .. }) => {}
                Err(ConsumeError::Read(error @ StoreError::StreamGone { .. })) => {
                    return Err(error.into());
                }
                Err(ConsumeError::Read(error)) => {
                    self.known.insert(object.id);
                    self.topic_news.push(TopicNews::Skipped { topic: object.name, error });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn open_found(&mut self, object: &TopicObject, are_new: bool) -> Result<(), ConsumeError> {
        let Some(subscription) = &self.subscription else { return Ok(()) };
        let topic = subscription.stream.listed_topic(object)?;
        let ConsumerConfig { start, .. } = self.config;
        if !are_new {
            return self.add(topic, &|_| start);
        }
        let index = self.subjects.len();
        let mut lanes = Vec::new();
        let wanted = |partition: &u32| self.config.partition.is_none_or(|only| only == *partition);
        for partition in (0..topic.partitions()).filter(wanted) {
            lanes.push(self.open_added(&topic, (index, partition))?);
        }
        self.known.insert(object.id);
        self.subjects.push(Subject::new(topic));
        self.lanes.extend(lanes);
        self.is_ranked = false;
        Ok(())
    }

    fn open_added(&self, topic: &Topic, place: (usize, u32)) -> Result<Lane, ConsumeError> {
        Lane::open_added(place, topic, &self.config)
    }

    /// Looks whether a topic is still there, and whether it has more partitions.
    pub(super) fn look_again(&mut self, index: usize) -> Result<(), ConsumeError> {
        if self.subjects[index].gone {
            return Ok(());
        }
        match self.look(index) {
            Err(ConsumeError::Gone { topic }) => self.lose(index, topic),
            outcome => outcome,
        }
    }

    fn look(&mut self, index: usize) -> Result<(), ConsumeError> {
        let topic = self.subjects[index].topic.refreshed()?;
        let mut partitions = 0;
        for lane in self.lanes.iter_mut().filter(|lane| lane.topic == index) {
            partitions += 1;
            if !lane.done && lane.reader.log().is_none() {
                lane.pending = true;
            }
        }
        let all = self.config.partition.is_none() && !self.is_assigned;
        if all && partitions < topic.partitions() {
            for partition in partitions..topic.partitions() {
                let lane = self.open_added(&topic, (index, partition))?;
                self.lanes.push(lane);
            }
            self.is_ranked = false;
        }
        self.subjects[index].topic = topic;
        Ok(())
    }

    /// A topic was deleted: the end, or the rest goes on.
    pub(super) fn lose(&mut self, index: usize, topic: TopicName) -> Result<(), ConsumeError> {
        if !self.is_several {
            return Err(ConsumeError::Gone { topic });
        }
        let subject = &mut self.subjects[index];
        if std::mem::replace(&mut subject.gone, true) {
            return Ok(());
        }
        self.topic_news.push(TopicNews::Deleted(topic));
        self.unwatched.extend(subject.watch.take());
        for lane in self.lanes.extract_if(.., |lane| lane.topic == index) {
            self.unwatched.extend(lane.watches.all());
        }
        Ok(())
    }

    /// True once nothing more can come; `now` in milliseconds since 1970.
    pub(super) fn is_done(&self, now: i64) -> bool {
        if !self.lanes.is_empty() || self.subscription.is_none() && !self.is_assigned {
            return self.lanes.iter().all(|lane| lane.done);
        }
        // Without a partition there is no lane that could say.
        match self.config.until {
            None | Some(Until::Offset(_)) => false,
            Some(Until::Time(time)) => now >= time,
            Some(Until::Beginning | Until::End | Until::BeforeEnd(_)) => true,
        }
    }

    pub(super) fn tell(&mut self, topic: usize, partition: u32, news: Option<News>) {
        let Some(news) = news else { return };
        let notice = self.notice(topic, partition, news);
        self.notices.push(notice);
    }

    pub(super) fn notice(&self, topic: usize, partition: u32, news: News) -> Notice {
        Notice { topic: named(self.is_several, &self.subjects[topic]), partition, news }
    }

    /// Gives each lane its place by name of the topic and number, if there are new ones.
    pub(super) fn rank(&mut self) {
        if std::mem::replace(&mut self.is_ranked, true) {
            return;
        }
        let place = |index: usize| {
            let lane = &self.lanes[index];
            (self.subjects[lane.topic].topic.name(), lane.partition)
        };
        let mut order: Vec<usize> = (0..self.lanes.len()).collect();
        order.sort_by(|one, other| place(*one).cmp(&place(*other)));
        for (rank, index) in (0..).zip(order) {
            self.lanes[index].rank = rank;
        }
    }
}

/// The name that a notice gives to a topic: only where several may be meant.
pub(super) fn named(is_several: bool, subject: &Subject) -> Option<TopicName> {
    is_several.then(|| subject.topic.name().clone())
}
