//! The queue for async callers, by a clock that tests turn.

use tokio::task::JoinSet;

use super::*;

fn budget(per_second: u32, seconds: u64) -> Budget {
    let pace = Pace { per_second, deadline: Duration::from_secs(seconds) };
    Budget::new("test", pace, &ServerKey::random(), &Store::memory())
}

fn person(number: usize) -> Who {
    Who::person(&format!("agent{number}@example.com"), "203.0.113.9".parse().unwrap())
}

/// When each of those who ask at once has its turn, or is to come back.
async fn crowd(budget: &Budget, size: usize) -> (Vec<Duration>, Vec<Full>) {
    let start = Instant::now();
    let mut set = JoinSet::new();
    for number in 0..size {
        let budget = budget.clone();
        set.spawn(async move { budget.turn(&person(number), None).await.map(|_| start.elapsed()) });
    }
    let (mut served, mut full) = (Vec::new(), Vec::new());
    for outcome in set.join_all().await {
        match outcome {
            Ok(at) => served.push(at),
            Err(refused) => full.push(refused),
        }
    }
    served.sort_unstable();
    (served, full)
}

#[tokio::test(start_paused = true)]
async fn no_second_sees_more_turns_than_the_vendor_takes() {
    let budget = budget(20, 5);
    let (served, full) = crowd(&budget, 150).await;
    assert_eq!(served.len() + full.len(), 150);
    assert!((85..=101).contains(&served.len()), "{}", served.len());
    for window in served.windows(21) {
        assert!(window[20] - window[0] >= Duration::from_secs(1), "{window:?}");
    }
    assert_eq!(served[0], Duration::ZERO);
    assert_eq!(budget.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_keeps_the_turn() {
    let budget = budget(10, 2);
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for number in 0..60 {
        let budget = budget.clone();
        tasks.spawn(async move {
            let mut ticket = None;
            loop {
                match budget.turn(&person(number), ticket.as_deref()).await {
                    Ok(_) => return (number, start.elapsed()),
                    Err(full) => {
                        tokio::time::sleep(full.wait).await;
                        ticket = Some(full.ticket);
                    }
                }
            }
        });
    }
    // While they wait, others come without end; each asks once, and none overtakes a ticket.
    let others = budget.clone();
    let others = tokio::spawn(async move {
        for number in 1000.. {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let others = others.clone();
            tokio::spawn(async move { others.turn(&person(number), None).await.is_ok() });
        }
    });
    let served = tasks.join_all().await;
    others.abort();
    for (number, at) in served {
        let own = Duration::from_millis(100 * number as u64);
        assert!(at < own + Duration::from_secs(4), "{number}: {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_good_for_one_turn() {
    let budget = budget(1, 1);
    let _ = crowd(&budget, 3).await;
    let (_, full) = crowd(&budget, 20).await;
    let ticket = &full[0].ticket;
    assert!(full[0].wait >= Duration::from_secs(1));
    let hash: Hash = Sha256::digest(ticket).into();
    let holder = (0..20)
        .map(person)
        .find(|who| ticket::read(&budget.0.key, "test", who, ticket, budget.0.now()).is_some());
    let holder = holder.unwrap();
    tokio::time::sleep(full[0].wait).await;
    while budget.turn(&holder, Some(ticket)).await.is_err() {}
    assert_eq!(budget.0.store.is_ticket_spent(&hash).await, Ok(true));
    assert!(budget.0.open(&holder, ticket).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_away_makes_room_for_those_behind() {
    let budget = budget(1, 20);
    budget.turn(&person(0), None).await.unwrap();
    let start = Instant::now();
    let gone: Vec<_> = (1..10)
        .map(|number| {
            let budget = budget.clone();
            tokio::spawn(async move { budget.turn(&person(number), None).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(budget.waiting(), 9);
    gone.iter().for_each(tokio::task::JoinHandle::abort);
    budget.turn(&person(10), None).await.unwrap();
    assert!(start.elapsed() <= Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!((budget.waiting(), budget.0.state().waiters.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_idle_budget_keeps_nobody_waiting() {
    let budget = budget(20, 5);
    for _ in 0..3 {
        assert_eq!(budget.turn(&person(0), None).await, Ok(Duration::ZERO));
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fast_budget_is_used_up() {
    let budget = budget(2000, 5);
    let start = Instant::now();
    let (served, full) = crowd(&budget, 2000).await;
    assert_eq!((served.len(), full.len()), (2000, 0));
    // Timers count whole milliseconds: a budget that waits for each turn takes two seconds.
    let took = start.elapsed();
    assert!(took > Duration::from_millis(950) && took < Duration::from_millis(1100), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_changed_pace_is_one_for_those_who_wait_too() {
    let budget = budget(10, 60);
    let (start, waiting) = (Instant::now(), budget.clone());
    let waiting = tokio::spawn(async move { crowd(&waiting, 200).await });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let former = budget.waiting();
    assert!((148..=152).contains(&former), "{former}");
    budget.set_pace(Pace { per_second: 50, ..budget.pace() });
    let (served, full) = crowd(&budget, 50).await;
    let (former, refused) = waiting.await.unwrap();
    assert_eq!((former.len(), served.len(), full.len() + refused.len()), (200, 50, 0));
    // 150 and 50 at 50 a second, from the fifth second on.
    let took = start.elapsed();
    assert!(took > Duration::from_millis(8900) && took < Duration::from_millis(9300), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slower_pace_gives_tickets_by_what_is_left() {
    let budget = budget(100, 5);
    budget.set_pace(Pace { per_second: 2, deadline: Duration::from_secs(3) });
    let (served, full) = crowd(&budget, 20).await;
    assert!((6..=8).contains(&served.len()), "{served:?}");
    assert!(full.iter().any(|full| full.wait >= Duration::from_secs(6)), "{full:?}");
}
