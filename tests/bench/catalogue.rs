//! Many topics in one stream.

use std::sync::Arc;
use std::time::Duration;

use streampath::access::Caller;
use streampath::fs::RealDisk;
use streampath::path::{StreamPath, TopicName};
use streampath::store::{Context, Home, TopicOptions};
use streampath::time::SystemClock;

use crate::Extent;
use crate::ground::{Ground, time};
use crate::spread::Spread;
use crate::table::Figure;

pub(crate) fn measure(ground: &Ground, extent: Extent, tell: &mut dyn FnMut(Figure)) {
    ground.fresh_store();
    create(ground, extent.topics);
    let list = Spread::of((0..extent.rounds).map(|_| {
        let mut command = ground.control("stream topic list -path /s");
        time(command.stdout(std::process::Stdio::null())).wall.as_secs_f64() * 1e3
    }));
    tell(Figure::new(format!("`topic list` of {} topics", extent.topics), list, 200.0, " ms"));
    let create = Spread::of((0..extent.rounds).map(|round| {
        let line = format!("stream topic create -path /s -topic more-{round}");
        time(&mut ground.control(&line)).wall.as_secs_f64() * 1e3
    }));
    tell(Figure::new("creating one more topic", create, 20.0, " ms"));
}

/// In one process: ten thousand programs would measure how programs are started.
fn create(ground: &Ground, topics: u32) {
    let context = Context {
        clock: Arc::new(SystemClock),
        caller: Caller::new("bench", 0),
        accounts: Arc::default(),
        command: "figures".to_owned(),
        lock_wait: Duration::from_secs(10),
        allow_network: true,
    };
    let home = Home::open(Arc::new(RealDisk), &ground.store(), context).unwrap();
    let stream = home.stream(&StreamPath::parse("/s").unwrap()).unwrap();
    for number in 0..topics {
        let name = TopicName::parse(&format!("topic-{number:05}")).unwrap();
        stream.create_topic(&name, TopicOptions::default()).unwrap();
    }
}
