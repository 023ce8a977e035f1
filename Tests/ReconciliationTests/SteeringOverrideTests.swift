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
}
