import FoundationEssentials
import ProfileDirectory
import Profiles
import Testing

@testable import MillmCommands

@Suite struct AwaitedChangeTests {
    private let before = FakeDaemon.initialStatus(pid: 1)
    private let digest = ContentDigest(of: [1])
    private let otherDigest = ContentDigest(of: [2])

    private func status(
        _ state: LoaderStatus.State,
        desired: ContentDigest?,
        applied: ContentDigest?
    ) throws -> LoaderStatus {
        let id = try ProfileID("calm")
        var status = before
        status.state = state
        status.desired = LoaderStatus.Desired(id: id, digest: desired)
        status.applied = applied.map {
            LoaderStatus.Applied(
                id: id,
                digest: $0,
                planDigest: $0,
                features: 1,
                source: .directory,
                at: Timestamp(microseconds: 0)
            )
        }
        if state == .degraded { status.reason = reason }
        return status
    }

    private let reason = LoaderStatus.Reason(code: "P040", message: "no", since: Timestamp(microseconds: 0))

    @Test func `what others save before the link is moved is waited for in place of what was read`() async throws {
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            let limit = try #require(WaitLimit(argument: "30"))
            try await FakeDaemon(bench: bench).whileServing {
                let watch = try DaemonWatch(bench.state, directory: bench.profiles)
                let outcome = try await watch.outcome(within: limit) {
                    let digest = ContentDigest(of: try Data(contentsOf: URL(filePath: bench.profiles + "/calm.yaml")))
                    try bench.addProfile("calm", name: "Calm", features: "{2: 1}")
                    try bench.link(to: "calm.yaml")
                    return .activation(of: try ProfileID("calm"), digest: digest)
                }
                #expect(outcome.verdict == .applied)
            }
        }
    }

    @Test func `an activation is applied when just these bytes are`() throws {
        let change = AwaitedChange.activation(of: try ProfileID("calm"), digest: digest)
        #expect(change.verdict(of: before, before: before) == nil)
        #expect(change.verdict(of: try status(.ok, desired: otherDigest, applied: otherDigest), before: before) == nil)
        #expect(change.verdict(of: try status(.ok, desired: digest, applied: digest), before: before) == .applied)
    }

    @Test func `an activation is rejected when these bytes are, or the file cannot be read any more`() throws {
        let change = AwaitedChange.activation(of: try ProfileID("calm"), digest: digest)
        let rejected = try status(.degraded, desired: digest, applied: otherDigest)
        #expect(change.verdict(of: rejected, before: before) == .rejected(reason))
        #expect(change.verdict(of: rejected, before: rejected) == .rejected(reason))
        let unreadable = try status(.degraded, desired: nil, applied: otherDigest)
        #expect(change.verdict(of: unreadable, before: before) == .rejected(reason))
        #expect(change.verdict(of: unreadable, before: unreadable) == nil)
    }

    @Test func `what is forced anew is judged anew, so an old complaint says nothing`() throws {
        let change = AwaitedChange.activation(of: try ProfileID("calm"), digest: digest, isNewlyForced: true)
        let rejected = try status(.degraded, desired: digest, applied: otherDigest)
        #expect(change.verdict(of: rejected, before: rejected) == nil)
        #expect(change.verdict(of: rejected, before: before) == .rejected(reason))
        #expect(change.verdict(of: try status(.ok, desired: digest, applied: digest), before: rejected) == .applied)
    }

    @Test func `steering that was set over the API outlives a deactivation of nothing`() {
        var held = before
        held.state = .held
        guard case .rejected(let reason) = AwaitedChange.deactivation.verdict(of: held, before: held) else {
            Issue.record("The daemon stays as it is.")
            return
        }
        #expect(reason.code == "HELD")
    }

    @Test func `a complaint about another profile or other bytes says nothing about the change`() throws {
        let change = AwaitedChange.activation(of: try ProfileID("other"), digest: digest)
        #expect(change.verdict(of: try status(.degraded, desired: digest, applied: nil), before: before) == nil)
        let sameID = AwaitedChange.activation(of: try ProfileID("calm"), digest: otherDigest)
        #expect(sameID.verdict(of: try status(.degraded, desired: digest, applied: nil), before: before) == nil)
    }

    @Test func `a deactivation is applied when nothing is desired and the state is inactive`() throws {
        let change = AwaitedChange.deactivation
        #expect(change.verdict(of: try status(.ok, desired: digest, applied: digest), before: before) == nil)
        #expect(change.verdict(of: before, before: before) == .applied)
    }
}
