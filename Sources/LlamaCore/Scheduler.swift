import Steering

/// Decodes several requests together, on the one thread that owns the context.
///
/// Each step computes one batch: the next token of every sequence that generates, and as much of the others' prompts
/// as fits. The sequences share the context's memory as they grow. When it runs out, first the memory of ended
/// requests goes, then the youngest sequence steps back: it waits and is computed again later, with the same
/// outcome. The oldest always goes on, so all come to their end.
final class Scheduler {
    /// Room that a sequence should find at its start, so that it does not step back at once; in tokens.
    private static let headroom = 32

    private let queue: RequestQueue
    private var context: Context
    /// The tokens that all sequences together may hold.
    private let length: Int
    private var slots: SlotTable
    /// The sequences that run, the oldest first.
    private var running: [(slot: Int, sequence: Sequence)] = []
    /// Those that have stepped back, the oldest first.
    private var resting: [Sequence] = []

    init(queue: RequestQueue, context: consuming Context, length: Int, parallel: Int) {
        self.queue = queue
        self.context = context
        self.length = length
        slots = SlotTable(count: parallel)
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

    /// Lets waiting requests in, while there is a slot and room.
    private func start() {
        while slots.hasFree {
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

    private var committed: Int { running.reduce(0) { $0 + $1.sequence.tokens.count } }

    private func hasRoom(for count: Int, of greatest: Int) -> Bool {
        committed + min(count + Self.headroom, greatest) <= length
    }

    private func begin(_ sequence: Sequence) {
        guard let (slot, common) = slots.take(for: sequence.tokens, plan: sequence.request.plan.digest) else { return }
        if context.forget(sequence: slot, from: common) {
            sequence.cached = common
        } else {
            // This kind of memory cannot go back to the middle.
            _ = context.forget(sequence: slot)
            sequence.cached = 0
        }
        let place = running.firstIndex { $0.sequence.request.id > sequence.request.id } ?? running.count
        running.insert((slot, sequence), at: place)
    }

    private func release(_ cancelled: Set<UInt64>) {
        guard !cancelled.isEmpty else { return }
        for index in running.indices.reversed() where cancelled.contains(running[index].sequence.request.id) {
            end(at: index)
        }
        resting.removeAll { cancelled.contains($0.request.id) }
        for id in cancelled { queue.end(id) }
    }

    /// Takes an ended sequence out and leaves its memory for the next with the same beginning.
    private func end(at index: Int) {
        let (slot, sequence) = running.remove(at: index)
        let held = Array(sequence.tokens.prefix(sequence.cached))
        slots.free(slot, holding: held, plan: sequence.request.plan.digest)
        queue.end(sequence.request.id)
    }

    private func failAll(_ error: InferenceError) {
        for sequence in running.map(\.sequence) + resting {
            queue.end(sequence.request.id)
            sequence.request.continuation.finish(throwing: error)
        }
        for (slot, _) in running { slots.free(slot, holding: [], plan: nil) }
        running = []
        resting = []
    }

    /// Sees to it that all known tokens of the running sequences fit into the memory.
    private func makeRoom() {
        while committed + slots.idleTokens > length {
            if let slot = slots.evict() {
                _ = context.forget(sequence: slot)
            } else if running.count > 1 {
                let (slot, sequence) = running.removeLast()
                _ = context.forget(sequence: slot)
                slots.free(slot, holding: [], plan: nil)
                sequence.cached = 0
                let place = resting.firstIndex { $0.request.id > sequence.request.id } ?? resting.count
                resting.insert(sequence, at: place)
            } else {
                return  // one alone always fits, see AdmittedRequest.limit
            }
        }
    }

    // MARK: Computing

    private func step() {
        makeRoom()
        let (rows, ends) = batch()
        do throws(InferenceError) {
            try context.decode(rows)
        } catch {
            // What the memory holds is unknown now. All start anew but those that were in it.
            context.forgetAll()
            while slots.evict() != nil {}
            failAll(error)
            return
        }
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
        // Those that need one row generate, or nearly so; they go first.
        let generating = running.indices.filter { running[$0].sequence.pending == 1 }
        let reading = running.indices.filter { running[$0].sequence.pending > 1 }
        for index in generating + reading {
            let (slot, sequence) = running[index]
            let end = min(sequence.tokens.count, sequence.cached + context.rowLimit - rows.count)
            for position in sequence.cached..<end {
                let isLast = position == sequence.tokens.count - 1
                if isLast { ends[index] = rows.count }
                rows.append(
                    Context.Row(
                        token: sequence.tokens[position], position: position, sequence: slot,
                        wantsLogits: isLast, steering: sequence.steering
                    )
                )
            }
            sequence.cached = end
        }
        return (rows, ends)
    }
}
