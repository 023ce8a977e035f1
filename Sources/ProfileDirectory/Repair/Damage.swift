package import Profiles

/// Something in the directory that is not as it should be, and what can be done about it.
package struct Damage: Hashable, Sendable {
    /// What is wrong, and where.
    package let finding: Diagnostic
    /// The ways out, the one that loses least first. None of them loses a byte.
    package let remedies: [Remedy]
}

/// One way out of a damage.
package struct Remedy: Hashable, Sendable {
    /// What it does, as an imperative sentence.
    package let description: String
    let action: Action

    enum Action: Hashable, Sendable {
        /// Takes temporaries away that a crash has left.
        case sweep
        /// Makes a profile of the bytes that stand at `active`, and points the link at it.
        case adoptActive
        /// Points `active` at a file of the directory.
        case pointActive(at: String)
        /// Brings back the file that `active` names, with the bytes that were applied last.
        case restore(fileName: String, digest: ContentDigest)
        /// Removes the link `active`, so that no profile is active.
        case removeActive
        /// Gives what stands at `active` a name that is ignored.
        case setActiveAside
        /// Removes a second file with the same bytes.
        case removeTwin(fileName: String, digest: ContentDigest)
        /// Gives a second file with the same id an id of its own.
        case renameTwin(fileName: String)
    }

    init(_ description: String, _ action: Action) {
        self.description = description
        self.action = action
    }
}
