import ArgumentParser

extension CompletionKind {
    /// The ids of the directory's profiles.
    static var profileIDs: CompletionKind { .shellCommand("millm list --quiet 2>/dev/null") }
}
