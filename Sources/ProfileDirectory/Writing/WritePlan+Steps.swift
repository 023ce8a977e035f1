import FileWatching
import Glibc
import Profiles

// What a plan does, from whatever point on. What is done already is told by where the contents are.

extension WritePlan {
    typealias Keep = (_ temporaryName: String, _ fileName: String) -> Void

    /// Why a plan stopped.
    struct Interruption: Error {
        /// What could not be changed.
        var fileName: String
        /// What the change was based on.
        var basedOn: ContentDigest?
        var failure: WriteFailure
    }

    /// Does what is left to do: all contents get their names, then `active` moves, then what has given way goes.
    ///
    /// - Parameters:
    ///   - isLenient: Whether what others have changed meanwhile stays as it is, and the rest is done all the same.
    ///   - keep: Takes a file away, under its temporary name, whose place is another's by now.
    /// - Throws: ``Interruption``; of other programs' changes only if they are not passed over.
    func carryOut(
        in directory: borrowing DirectoryHandle,
        passingOverConflicts isLenient: Bool,
        keep: Keep
    ) throws(Interruption) {
        for step in steps {
            do {
                try step.giveName(in: directory, keep: keep)
            } catch {
                guard isLenient, error.isConflict else {
                    throw Interruption(fileName: step.fileName, basedOn: step.replaced?.digest, failure: error)
                }
                keep(step.temporaryName, step.fileName)
            }
        }
        for step in steps {
            do {
                try step.takeOver(in: directory, keep: keep)
            } catch {
                guard isLenient, error.isConflict else {
                    let fileName = step.replaced?.fileName ?? step.fileName
                    throw Interruption(fileName: fileName, basedOn: step.replaced?.digest, failure: error)
                }
            }
        }
        guard let activation else { return }
        do throws(SystemError) {
            if isLenient {
                guard try ActiveLink.trace(in: directory) == activation.before,
                    try directory.status(of: activation.fileName) != nil
                else { return }
            }
            try ActiveLink.set(activation.fileName, over: activation.before, in: directory, asStep: true)
        } catch {
            guard error.code == ESTALE else {
                throw Interruption(fileName: ProfileFileName.active, failure: .system(error))
            }
            if !isLenient { throw Interruption(fileName: ProfileFileName.active, failure: .changed(found: nil)) }
        }
    }

    /// Takes back what was done, so that all contents wait again.
    ///
    /// - Throws: Why something stays done. The plan must stay, too, then: the next one who looks does the rest.
    func undo(in directory: borrowing DirectoryHandle) throws(SystemError) {
        for step in steps.reversed() { try step.undo(in: directory) }
    }
}

extension WritePlan.Step {
    /// The name that the profile loses; nil if it keeps its own, or is new.
    var oldName: String? { replaced.flatMap { $0.fileName == fileName ? nil : $0.fileName } }

    /// Whether the content has not got its name yet, and can get it.
    func isWaiting(in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        guard try isOurs(temporaryName, in: directory) else { return false }
        guard let replaced, oldName == nil else { return try directory.status(of: fileName) == nil }
        return try Self.holds(fileName, replaced.digest, in: directory)
    }

    fileprivate func giveName(in directory: borrowing DirectoryHandle, keep: WritePlan.Keep) throws(WriteFailure) {
        do throws(SystemError) {
            guard try isOurs(temporaryName, in: directory) else { return }
            guard let replaced, oldName == nil else {
                return try AtomicFile.move(temporaryName, to: fileName, in: directory)
            }
            guard let current = try Self.read(fileName, in: directory),
                ContentDigest(of: current.bytes) == replaced.digest
            else { throw SystemError("rename", ESTALE) }
            try exchange(with: current, in: directory, keep: keep)
        } catch {
            // It has the name already, if it came there in two steps.
            if error.code == EEXIST, (try? isOurs(fileName, in: directory)) == true { return }
            throw Self.failure(error, about: fileName, in: directory)
        }
    }

    private func exchange(
        with current: StableRead,
        in directory: borrowing DirectoryHandle,
        keep: WritePlan.Keep
    ) throws(SystemError) {
        let file = AtomicFile([], durability: .volatile, temporaryName: temporaryName, keepsDisplaced: true)
        do throws(WriteFailure) {
            try file.exchange(with: fileName, in: directory, basedOn: current) { keep($0, fileName) }
        } catch {
            switch error {
            case .system(let error): throw error
            case .inUse: throw SystemError("rename", ETXTBSY)
            case .changed, .unconfirmed: throw SystemError("rename", ESTALE)
            }
        }
    }

    /// Takes the old name away; if `active` has it, the link moves before.
    fileprivate func takeOver(in directory: borrowing DirectoryHandle, keep: WritePlan.Keep) throws(WriteFailure) {
        guard let oldName else { return }
        do throws(SystemError) {
            guard try directory.status(of: oldName) != nil else { return }
            guard try isOurs(fileName, in: directory), try isOld(oldName, in: directory) else {
                throw SystemError("rename", ESTALE)
            }
            if try ActiveLink.names(oldName, in: directory) {
                try ActiveLink.set(fileName, in: directory, asStep: true)
            }
            AtomicFile.remove(temporaryName, in: directory)
            try AtomicFile.move(oldName, to: temporaryName, in: directory)
            guard try !isOld(temporaryName, in: directory) else { return }
            // Someone has saved it in the last moment.
            do {
                try AtomicFile.move(temporaryName, to: oldName, in: directory)
            } catch {
                keep(temporaryName, oldName)
            }
            throw SystemError("rename", ESTALE)
        } catch {
            throw Self.failure(error, about: oldName, in: directory)
        }
    }

    fileprivate func undo(in directory: borrowing DirectoryHandle) throws(SystemError) {
        if let oldName, try directory.status(of: oldName) == nil, try isOld(temporaryName, in: directory) {
            try AtomicFile.move(temporaryName, to: oldName, in: directory)
        }
        guard try isOurs(fileName, in: directory) else { return }
        if let oldName {
            if try ActiveLink.names(fileName, in: directory) {
                try ActiveLink.putBack(oldName, in: directory)
            }
        } else if let replaced {
            guard try Self.holds(temporaryName, replaced.digest, in: directory),
                try AtomicFile.exchange(temporaryName, with: fileName, in: directory)
            else { throw SystemError("rename", ESTALE) }
            return
        }
        guard try directory.status(of: temporaryName) != nil else {
            return try AtomicFile.move(fileName, to: temporaryName, in: directory)
        }
        // The second of two steps towards the name has not been made.
        if try Self.isSameFile(temporaryName, fileName, in: directory) { AtomicFile.remove(fileName, in: directory) }
    }

    /// Whether a name stands for the content that is to come: for its bytes, or for the very file, if that only gets
    /// another name.
    func isOurs(_ name: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        if let oldName, try Self.isSameFile(name, oldName, in: directory) { return true }
        return try Self.holds(name, digest, in: directory)
    }

    /// Whether a name stands for what gives way, and no program has that open for writing; the file may just have got
    /// its other name.
    func isOld(_ name: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> Bool {
        if try Self.isSameFile(name, fileName, in: directory) { return true }
        guard let replaced, let content = try Self.read(name, in: directory), !content.isBeingWritten else {
            return false
        }
        return ContentDigest(of: content.bytes) == replaced.digest
    }

    private static func isSameFile(
        _ one: String,
        _ other: String,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        guard let one = try directory.status(of: one), let other = try directory.status(of: other) else { return false }
        return one.identity.isSameFile(as: other.identity)
    }

    private static func holds(
        _ name: String,
        _ digest: ContentDigest,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> Bool {
        try read(name, in: directory).map { ContentDigest(of: $0.bytes) } == digest
    }

    /// A file's content; nil if there is none that a profile could have.
    static func read(_ name: String, in directory: borrowing DirectoryHandle) throws(SystemError) -> StableRead? {
        do {
            return try StableRead(name, in: directory)
        } catch .system(let error) {
            throw error
        } catch {
            return nil
        }
    }

    /// `ESTALE` stands for a file that is not what it was, `ETXTBSY` for one that is being written.
    private static func failure(
        _ error: SystemError,
        about name: String,
        in directory: borrowing DirectoryHandle
    ) -> WriteFailure {
        if error.code == ETXTBSY { return .inUse }
        guard error.code == ESTALE else { return .system(error) }
        let content = try? read(name, in: directory)
        return .changed(found: content.map { ContentDigest(of: $0.bytes) })
    }
}

extension WriteFailure {
    /// Whether another program is in the way.
    fileprivate var isConflict: Bool {
        switch self {
        case .changed, .inUse: true
        case .system(let error): error.code == EEXIST
        case .unconfirmed: false
        }
    }
}
