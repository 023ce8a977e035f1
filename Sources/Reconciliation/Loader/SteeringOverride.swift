import ProfileDirectory

/// Steering that a request has set, or kept, although the directory says something else: `held` (SPEC §7).
///
/// It lasts until the directory says something else than when it was set, or the link is set again.
struct SteeringOverride {
    /// What the directory said then.
    let gist: DesiredState.Gist
    /// The link then.
    let link: LinkIdentity?

    func stands(before gist: DesiredState.Gist, _ link: LinkIdentity?) -> Bool {
        link == self.link && gist.isTheSameChoice(as: self.gist)
    }
}
