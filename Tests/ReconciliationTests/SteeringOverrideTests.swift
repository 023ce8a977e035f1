import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// What requests set or keep against the directory (SPEC §7), and what ends it.
@Suite struct SteeringOverrideTests {
    private static let night = "version: 1\nname: Night\nsteering: {3: 2.5}\n"
    private static let dawn = "version: 1\nname: Dawn\nsteering: {4: 1}\n"

    /// Runs the body with `night` active and applied.
    private static func with(_ body: (Workbench, ProfileService) async throws -> Void) async throws {
        try await Workbench.with { bench in
            try bench.write(night, to: "night.yaml")
            try bench.write(dawn, to: "dawn.yaml")
            try bench.link(to: "night.yaml")
            #expect(await bench.loader.reconcile().state == .ok)
            try await body(bench, bench.service)
        }
    }

    /// Ways to change the directory that mean the same choice as before.
    enum NoChange: CaseIterable {
        case nothing, touch, sameBytes, modes, otherProfile
    }

    @Test(arguments: NoChange.allCases)
    func `steering without a file outlives what changes nothing`(_ change: NoChange) async throws {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            let night = bench.profiles + "/night.yaml"
            switch change {
            case .nothing: break
            case .touch:
                try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: night)
            case .sameBytes: try bench.write(Self.night, to: "night.yaml")
            case .modes: try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: night)
            case .otherProfile: try bench.write(Self.night, to: "dawn.yaml")
            }
            var status = await bench.loader.reconcile()
            #expect(status.state == .held)
            await bench.loader.rescan()
            status = bench.loader.status
            #expect(status.state == .held)
            #expect(status.desired?.id.description == "night")
            #expect(status.applied?.id == nil)
            #expect(status.applied?.source == .api)
            #expect(status.reason == nil)
            #expect(status.generation == 2)
            #expect(bench.core.plan.strengths == [5: 2])
        }
    }

    @Test func `steering that the core has already is not applied again`() async throws {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            let first = bench.loader.status
            let last = bench.loader.events(after: nil).last
            _ = try await service.steer(by: [5: 2])
            #expect(bench.loader.status == first)
            #expect(bench.loader.events(after: last).events.isEmpty)

            // What a file says becomes steering without one, whose values are the same.
            _ = try await service.activate(ProfileID("night"))
            _ = try await service.steer(by: [3: 2.5])
            #expect(bench.loader.status.state == .held)
            #expect(bench.loader.status.applied?.source == .api)
            #expect(bench.loader.status.generation == 4)

            _ = try await service.deactivateAll()
            #expect(bench.loader.status.generation == 5)
            let inactive = bench.loader.status
            _ = try await service.steer(by: [:])
            #expect(bench.loader.status == inactive)

            // A fault that a request passes over changes the state alone.
            try bench.link(to: "nowhere.yaml")
            #expect(await bench.loader.reconcile().state == .degraded)
            let known = bench.loader.events(after: nil).last
            _ = try await service.steer(by: [:])
            #expect(bench.loader.status.state == .held)
            #expect(bench.loader.status.generation == 5)
            #expect(bench.loader.events(after: known).events.map(\.kind) == [.held, .recovered])
        }
    }

    @Test func `the next change on disk replaces steering without a file`() async throws {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            try bench.write(Self.night.replacing("2.5", with: "3"), to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .ok)
            #expect(status.applied?.source == .directory)
            #expect(bench.core.plan.strengths == [3: 3])
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a file that is written without end holds up no request`() async throws {
        try await Self.with { bench, service in
            let path = bench.profiles + "/night.yaml"
            let (beginning, begun) = AsyncStream.makeStream(of: Never.self)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    let file = try #require(FileHandle(forWritingAtPath: path))
                    try file.seekToEnd()
                    // Less than the loader gives a file that is open for writing; until it is cancelled.
                    while (try? await Task.sleep(for: .milliseconds(100))) != nil {
                        try file.write(contentsOf: Data("# more\n".utf8))
                        begun.finish()
                    }
                    try file.close()
                }
                for await _ in beginning {}
                try await service.steer(by: [5: 2])
                #expect(bench.core.plan.strengths == [5: 2])
                let activation = try await service.activate(ProfileID("dawn"))
                #expect(activation.isApplied)
                #expect(bench.core.plan.strengths == [4: 1])
                group.cancelAll()
            }
        }
    }

    @Test(arguments: ["night", "dawn"])
    func `an activation replaces steering without a file, even of the profile that was active`(id: String) async throws
    {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            try bench.link(to: id + ".yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .ok)
            #expect(status.applied?.id?.description == id)

            _ = try await service.steer(by: [5: 2])
            let activation = try await service.activate(ProfileID(id))
            #expect(activation.isApplied)
            #expect(activation.featureCount == 1)
            #expect(bench.core.plan.origin?.profile.description == id)
        }
    }

    @Test func `removing the link clears steering without a file`() async throws {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            try bench.unlink("active")
            #expect(await bench.loader.reconcile().state == .inactive)
            #expect(bench.core.plan.isUnsteered)
        }
    }

    @Test func `a change that cannot be applied leaves steering without a file, and degrades`() async throws {
        try await Self.with { bench, service in
            _ = try await service.steer(by: [5: 2])
            try bench.write("version: 1", to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .degraded)
            #expect(status.applied?.source == .api)
            #expect(bench.core.plan.strengths == [5: 2])
            // The bytes from before are a change by now.
            try bench.write(Self.night, to: "night.yaml")
            #expect(await bench.loader.reconcile().state == .ok)
            #expect(bench.core.plan.strengths == [3: 2.5])
        }
    }

    @Test func `without an active profile, steering without a file is held and its end is no profile`() async throws {
        try await Workbench.with { bench in
            _ = await bench.loader.reconcile()
            _ = try await bench.service.steer(by: [5: 2])
            #expect(bench.loader.status.state == .held)
            #expect(bench.loader.status.desired == nil)
            _ = try await bench.service.steer(by: [:])
            #expect(bench.loader.status.state == .inactive)
            #expect(bench.loader.status.applied == nil)
        }
    }

    @Test func `a link that was moved without steering is held until the file changes`() async throws {
        try await Self.with { bench, service in
            let activation = try await service.activate(ProfileID("dawn"), appliesSteering: false)
            #expect(!activation.isApplied)
            #expect(activation.warnings.isEmpty)
            #expect(bench.loader.status.desired?.id.description == "dawn")
            #expect(bench.loader.status.applied?.id?.description == "night")
            #expect(await bench.loader.reconcile().state == .held)
            await bench.loader.rescan()
            #expect(bench.loader.status.state == .held)
            #expect(bench.core.plan.strengths == [3: 2.5])

            try bench.write(Self.dawn.replacing("1}", with: "2}"), to: "dawn.yaml")
            #expect(await bench.loader.reconcile().state == .ok)
            #expect(bench.core.plan.strengths == [4: 2])
        }
    }

    @Test func `moving the link back to what runs ends the hold without an apply`() async throws {
        try await Self.with { bench, service in
            _ = try await service.activate(ProfileID("dawn"), appliesSteering: false)
            let activation = try await service.activate(ProfileID("night"), appliesSteering: false)
            #expect(activation.isApplied)
            #expect(bench.loader.status.state == .ok)
            #expect(bench.loader.status.generation == 1)
        }
    }

    @Test func `the watcher's events do not end a hold that a request has just made`() async throws {
        try await Self.with { bench, service in
            try await bench.following {
                try await bench.status { $0.counters.rescans > 0 }
                for round in 0..<20 {
                    let id = try ProfileID(round.isMultiple(of: 2) ? "dawn" : "night")
                    _ = try await service.activate(id, appliesSteering: false)
                }
                _ = try await service.activate(ProfileID("dawn"), appliesSteering: false)
                #expect(await bench.loader.reconcile().state == .held)
                #expect(bench.loader.status.generation == 1)
                #expect(bench.core.plan.strengths == [3: 2.5])
            }
        }
    }

    @Test func `a restart applies what is active, whatever was held`() async throws {
        try await Self.with { bench, service in
            _ = try await service.activate(ProfileID("dawn"), appliesSteering: false)
            _ = try await service.steer(by: [5: 2])
            let next = bench.restarted()
            #expect(await next.loader.reconcile().state == .ok)
            #expect(next.core.plan.strengths == [4: 1])
        }
    }

    @Test func `a refused activation changes neither link nor core nor hold`() async throws {
        try await Self.with { bench, service in
            try bench.write("version: 1\nname: Far\nsteering: {16: 1}\n", to: "far.yaml")
            _ = try await service.steer(by: [5: 2])
            await #expect(throws: ProfileError.self) {
                try await service.activate(ProfileID("far"), appliesSteering: false)
            }
            #expect(bench.loader.status.state == .held)
            #expect(bench.core.plan.strengths == [5: 2])
        }
    }

    @Test(arguments: 1...4)
    func `whatever requests and files come at once, the status tells what runs in the end`(seed: Int) async throws {
        try await Self.with { bench, service in
            try await bench.following {
                await withTaskGroup { group in
                    for worker in 0..<8 {
                        group.addTask {
                            for step in 0..<25 {
                                await Self.act(seed &* 31 &+ worker &* 7 &+ step &* 13, bench, service)
                            }
                        }
                    }
                }
                let status = await bench.loader.reconcile()
                let plan = bench.core.plan
                #expect(status == bench.loader.status)
                #expect(status.applied.map(\.planDigest) ?? SteeringPlan.unsteered.digest == plan.digest)
                #expect(status.applied?.id == plan.origin?.profile)
                let active = try await service.activeID()
                #expect(status.desired?.id == active)
                switch status.state {
                case .ok: #expect(status.applied?.id == status.desired?.id)
                case .inactive: #expect(status.desired == nil && plan.isUnsteered)
                case .held:
                    let isOfOtherBytes = status.desired?.digest != status.applied?.digest
                    #expect(isOfOtherBytes || status.applied?.source == .api || plan.isUnsteered)
                case .degraded: Issue.record("nothing is wrong with the files: \(String(describing: status.reason))")
                }
            }
        }
    }

    /// One of the things that people do, chosen by a number; what is refused is refused.
    private static func act(_ number: Int, _ bench: Workbench, _ service: ProfileService) async {
        let name = number.isMultiple(of: 2) ? "night" : "dawn"
        guard let id = try? ProfileID(name) else { return }
        switch number % 7 {
        case 0, 1: _ = try? await service.activate(id)
        case 2: _ = try? await service.activate(id, appliesSteering: false)
        case 3: _ = try? await service.deactivate(id, clearsSteering: number % 3 == 0)
        case 4: try? await service.steer(by: number % 5 == 0 ? [:] : [number % 16: 1])
        case 5: _ = try? await service.update(id, ProfileChanges(steering: [number % 16: 1]), expecting: nil)
        default: await bench.loader.rescan()
        }
    }
}
