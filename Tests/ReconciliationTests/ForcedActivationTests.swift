import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

/// `force` (SPEC §5): names that do not match are passed over, for as long as the profile is the active one.
@Suite struct ForcedActivationTests {
    private static let foreign = "version: 1\nname: Foreign\nmodel: GPT-2\nsae: other\nsteering: {1: 1}\n"
    private static let night = "version: 1\nname: Night\nsteering: {3: 2.5}\n"

    /// Runs the body with a profile for another model, active by force.
    private static func with(_ body: (Workbench, ProfileService, ForceRecord) async throws -> Void) async throws {
        try await Workbench.with { bench in
            try bench.write(foreign, to: "foreign.yaml")
            try bench.write(night, to: "night.yaml")
            let service = bench.service
            #expect(try await service.activate(ProfileID("foreign"), force: true).isApplied)
            try await body(bench, service, ForceRecord(in: bench.state))
        }
    }

    @Test func `it survives reading again, rescans, edits and a restart`() async throws {
        try await Self.with { bench, service, _ in
            #expect(await bench.loader.reconcile().state == .ok)
            await bench.loader.rescan()
            #expect(bench.loader.status.state == .ok)
            #expect(bench.loader.status.generation == 1)

            try bench.write(Self.foreign.replacing("1: 1", with: "2: 2"), to: "foreign.yaml")
            #expect(await bench.loader.reconcile().state == .ok)
            #expect(bench.core.plan.strengths == [2: 2])

            let next = bench.restarted()
            #expect(await next.loader.reconcile().state == .ok)
            #expect(next.core.plan.strengths == [2: 2])
        }
    }

    @Test func `it never covers an index`() async throws {
        try await Self.with { bench, service, _ in
            try bench.write(Self.foreign.replacing("1: 1", with: "16: 1"), to: "foreign.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .degraded)
            #expect(status.reason?.message.hasPrefix("Feature 16 does not exist") == true)
            #expect(bench.core.plan.strengths == [1: 1])
        }
    }

    @Test func `it ends when another profile is activated`() async throws {
        try await Self.with { bench, service, record in
            _ = try await service.activate(ProfileID("night"))
            #expect(record.read().isEmpty)
            try bench.link(to: "foreign.yaml")
            #expect(await bench.loader.reconcile().state == .degraded)
            #expect(bench.core.plan.strengths == [3: 2.5])
        }
    }

    @Test func `it ends when the link is moved by hand`() async throws {
        try await Self.with { bench, _, record in
            try bench.link(to: "night.yaml")
            #expect(await bench.loader.reconcile().state == .ok)
            #expect(record.read().isEmpty)
            try bench.link(to: "foreign.yaml")
            #expect(await bench.loader.reconcile().state == .degraded)
        }
    }

    @Test func `it survives a link that is away for a moment, as git's are`() async throws {
        try await Self.with { bench, _, record in
            try await bench.following {
                try await bench.status { $0.counters.rescans > 0 }
                for _ in 0..<5 {
                    try bench.unlink("active")
                    try bench.link(to: "foreign.yaml")
                }
                #expect(await bench.loader.reconcile().state == .ok)
                #expect(record.read().map(\.description) == ["foreign"])
                #expect(bench.loader.status.generation == 1)
            }
        }
    }

    @Test func `it goes along with a new id`() async throws {
        try await Self.with { bench, service, record in
            _ = try await service.repository.rename(ProfileID("foreign"), to: ProfileID("abroad"), name: nil)
            #expect(record.read().map(\.description) == ["abroad"])
            let status = await bench.loader.reconcile()
            #expect(status.state == .ok)
            #expect(status.desired?.id.description == "abroad")
        }
    }

    @Test func `it ends with a deactivation`() async throws {
        try await Self.with { bench, service, record in
            let deactivation = try await service.deactivate(ProfileID("foreign"))
            #expect(deactivation.isCleared)
            #expect(record.read().isEmpty)
        }
    }

    @Test func `files alone force, too, and the daemon finds it`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.foreign, to: "foreign.yaml")
            let repository = DirectoryRepository(path: bench.profiles, forceRecord: ForceRecord(in: bench.state))
            try await repository.setActive(ProfileID("foreign"))
            #expect(await bench.loader.reconcile().state == .degraded)
            try await repository.setActive(ProfileID("foreign"), forced: true)
            #expect(await bench.loader.reconcile().state == .ok)
            #expect(bench.core.plan.strengths == [1: 1])
            try await repository.setActive(ProfileID("foreign"), forced: false)
            #expect(await bench.loader.reconcile().state == .degraded)
        }
    }

    @Test func `a refused activation does not end it`() async throws {
        try await Self.with { bench, service, record in
            await #expect(throws: ProfileError.self) { try await service.activate(ProfileID("foreign")) }
            #expect(record.read().map(\.description) == ["foreign"])
            #expect(await bench.loader.reconcile().state == .ok)
        }
    }
}
