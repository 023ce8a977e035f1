import Steering

/// Decodes several requests together, on the one thread that owns the context.
///
/// Each step computes one batch: the next token of every sequence that generates, and as much of the others' prompts
/// as fits. The sequences share the context's memory as they grow. When it runs out, the youngest sequence steps back:
/// it waits and is computed again later, with the same outcome. The oldest always goes on, so all come to their end.
final class Scheduler {
    /// Room that a sequence should find at its start, so that it does not step back at once; in tokens.
    private static let headroom = 32

    private let queue: RequestQueue
    private var context: Context
    private var log: MemoryLog
    /// How many sequences may run at once.
    private let parallel: Int
    /// The sequences that run, the oldest first, each with its number in the context's memory.
    private var running: [(id: Int, sequence: Sequence)] = []
    /// Those that have stepped back, the oldest first.
    private var resting: [Sequence] = []

    /// - Parameter length: The tokens that all sequences together may hold.
    init(queue: RequestQueue, context: consuming Context, length: Int, parallel: Int) {
        self.queue = queue
        log = MemoryLog(length: length, sequences: context.sequences)
        self.context = context
        self.parallel = parallel
    }

    /// Serves until the core is shut down.
    func run() {
        while true {
            let orders = queue.orders
            release(orders.cancelled)
            if orders.phase >= .aborting { break }
            start()
            if !running.isEmpty {
                step()
            } else if orders.phase == .draining {
                break
            } else {
                queue.sleep()
            }
        }
        failAll(RequestQueue.shutDown)
    }

    // MARK: Coming and going

    /// Lets waiting requests in, while there is room.
    private func start() {
        while running.count < parallel {
            if let first = resting.first {
                guard hasRoom(for: first.tokens.count, of: first.greatestLength) else { return }
                begin(resting.removeFirst())
            } else {
                let next = queue.takeFirst { hasRoom(for: $0.prompt.count, of: $0.prompt.count + $0.limit) }
                guard let next else { return }
                begin(Sequence(next, vocabularySize: context.model.vocabularySize))
            }
        }
    }

    /// All known tokens of the running sequences, computed or not.
    private var committed: Int { running.reduce(0) { $0 + $1.sequence.tokens.count } }

    private func hasRoom(for count: Int, of greatest: Int) -> Bool {
        committed + min(count + Self.headroom, greatest) <= log.length
    }

    private func begin(_ sequence: Sequence) {
        if !log.hasFreeSequence { compact() }
        guard let id = log.open() else { preconditionFailure("more sequences run than the memory tells apart") }
        sequence.cached = 0
        if context.model.canShareBeginnings,
            let beginning = log.beginning(of: sequence.tokens, under: sequence.request.plan.digest)
        {
            context.share(beginning.count, of: beginning.sequence, with: id)
            sequence.cached = beginning.count
        }
        let place = running.firstIndex { $0.sequence.request.id > sequence.request.id } ?? running.count
        running.insert((id, sequence), at: place)
    }

    private func release(_ cancelled: Set<UInt64>) {
        guard !cancelled.isEmpty else { return }
        for index in running.indices.reversed() where cancelled.contains(running[index].sequence.request.id) {
            end(at: index)
        }
        resting.removeAll { cancelled.contains($0.request.id) }
        for id in cancelled { queue.end(id) }
    }

    /// Takes out a sequence that has ended.
    private func end(at index: Int) {
        queue.end(leave(at: index).request.id)
    }

    /// Takes a sequence out; its memory stays for others that begin alike.
    private func leave(at index: Int) -> Sequence {
        let (id, sequence) = running.remove(at: index)
        let held = Array(sequence.tokens.prefix(sequence.cached))
        log.end(id, holding: held, plan: sequence.request.plan.digest)
        return sequence
    }

    private func failAll(_ error: InferenceError) {
        for sequence in running.map(\.sequence) + resting {
            queue.end(sequence.request.id)
            sequence.request.continuation.finish(throwing: error)
        }
        running = []
        resting = []
        context.forgetAll()
        log.restart()
    }

    // MARK: Memory

    /// Sees to it that the next batch fits.
    private func makeRoom() {
        while committed > log.length, running.count > 1 {
            let sequence = leave(at: running.count - 1)
            let place = resting.firstIndex { $0.request.id > sequence.request.id } ?? resting.count
            resting.insert(sequence, at: place)
        }
        let rows = min(context.rowLimit, running.reduce(0) { $0 + $1.sequence.pending })
        if log.used + rows > log.length { compact() }
    }

    /// Moves what the running sequences hold to the memory's start, and forgets everything else.
    private func compact() {
        let states = running.map { context.state(of: $0.id) }
        context.forgetAll()
        for ((id, sequence), state) in zip(running, states) where sequence.cached > 0 {
            // What cannot be moved is computed again.
            if let state, context.restore(state, as: id) { continue }
            sequence.cached = 0
        }
        log.restart(holding: Dictionary(uniqueKeysWithValues: running.map { ($0.id, $0.sequence.cached) }))
    }

    // MARK: Computing

    private func step() {
        makeRoom()
        let (rows, ends) = batch()
        do throws(InferenceError) {
            try context.decode(rows, behind: log.used)
        } catch {
            // What the memory holds is unknown now, so all that were in it fail; the next start anew.
            failAll(error)
            return
        }
        log.append(rows.count)
        queue.count(generated: ends.count)
        for index in running.indices.reversed() {
            guard let row = ends[index] else { continue }
            let sequence = running[index].sequence
            do throws(InferenceError) {
                if try sequence.advance(row: row, of: context) { end(at: index) }
            } catch {
                sequence.request.continuation.finish(throwing: error)
                end(at: index)
            }
        }
    }

    /// The rows of the next batch, and for each running sequence that gets a token the row behind which it stands.
    private func batch() -> (rows: [Context.Row], ends: [Int: Int]) {
        var rows: [Context.Row] = []
        var ends: [Int: Int] = [:]
        // Those with least to compute go first: they generate, and need one row. What is left over is shared, so that a
        // short prompt is not held up by a long one.
        var order = running.indices.sorted { running[$0].sequence.pending < running[$1].sequence.pending }
        // Where there is not a row for each, the oldest goes on all the same.
        if order.count > context.rowLimit, let place = order.firstIndex(of: 0) { order.swapAt(0, place) }
        var sharers = order.count
        for index in order {
            let (id, sequence) = running[index]
            let share = (context.rowLimit - rows.count + sharers - 1) / sharers
            sharers -= 1
            let end = min(sequence.tokens.count, sequence.cached + share)
            for position in sequence.cached..<end {
                let isLast = position == sequence.tokens.count - 1
                if isLast { ends[index] = rows.count }
                rows.append(
                    Context.Row(
                        token: sequence.tokens[position],
                        position: position,
                        sequence: id,
                        wantsLogits: isLast,
                        steering: sequence.steering
                    )
                )
            }
            sequence.cached = end
        }
        return (rows, ends)
    }
}
