/// Lets one caller of an actor through at a time, in the order of their coming, where the way has `await`s in it.
struct Turnstile {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Takes the way if it is free.
    mutating func tryToEnter() -> Bool {
        guard !isTaken else { return false }
        isTaken = true
        return true
    }

    /// Stands in line; the continuation is resumed when the way has been taken for it.
    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
        waiting.append(continuation)
    }

    /// Gives the way to the next in line.
    mutating func leave() {
        guard !waiting.isEmpty else {
            isTaken = false
            return
        }
        waiting.removeFirst().resume()
    }
}
