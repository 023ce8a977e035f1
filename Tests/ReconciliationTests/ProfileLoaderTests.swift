import Foundation
import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

@Suite struct ProfileLoaderTests {
    private static let night = """
        version: 1
        name: Night
        steering:
          3: 2.5
        """

    @Test func `the active profile's strengths reach the core`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            let status = await bench.loader.reconcile()

            #expect(status.state == .ok)
            #expect(status.generation == 1)
            #expect(status.desired?.id.description == "night")
            #expect(status.applied?.digest == ContentDigest(of: Self.night.utf8))
            #expect(status.applied?.planDigest == bench.core.plan.digest)
            #expect(bench.core.plan.delta == [0, 0, 0, 2.5, 0, 0, 0, 0])
            #expect(bench.core.plan.layer == 2)
        }
    }

    @Test func `what is applied is written to status.json as it is served`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(try StatusFile(in: bench.state).read() == status)
        }
    }

    @Test func `without a link nothing is steered and nothing was applied`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .inactive)
            #expect(status.generation == 0)
            #expect(bench.core.plan.isUnsteered)
        }
    }

    @Test func `the same bytes again apply nothing`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write(Self.night, to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.generation == 1)
        }
    }

    @Test func `a broken file leaves the core as it is and says where it is broken`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            let plan = bench.core.plan
            try bench.write(Self.night + "\n  4: loud\n", to: "night.yaml")
            let status = await bench.loader.reconcile()

            #expect(status.state == .degraded)
            #expect(status.generation == 1)
            #expect(status.counters.rejections == 1)
            let reason = try #require(status.reason)
            #expect(reason.file?.hasSuffix("night.yaml") == true)
            #expect(reason.line == 5)
            #expect(reason.column == 6)
            #expect(bench.core.plan == plan)
        }
    }

    @Test func `mending a broken file with the bytes that are applied ends the fault without an apply`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.write("version: 1", to: "night.yaml")
            #expect(await bench.loader.reconcile().state == .degraded)
            try bench.write(Self.night, to: "night.yaml")
            let status = await bench.loader.reconcile()
            #expect(status.state == .ok)
            #expect(status.reason == nil)
            #expect(status.generation == 1)
        }
    }

    @Test(arguments: [
        ("  16: 1", "P104", 5, 3), ("model: Other-7B", "P101", 5, 8), ("layer: 3", "P103", 5, 8),
        ("sae: other", "P102", 5, 6),
    ])
    func `what does not fit the model or its SAE is rejected with its place`(
        line: String,
        code: String,
        at lineNumber: Int,
        column: Int
    ) async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night + "\n" + line + "\n", to: "night.yaml")
            try bench.link(to: "night.yaml")
            let status = await bench.loader.reconcile()
            let reason = try #require(status.reason)
            #expect(reason.code == "PROFILE_INCOMPATIBLE", "\(code)")
            #expect(reason.line == lineNumber)
            #expect(reason.column == column)
            #expect(bench.core.plan.isUnsteered)
        }
    }

    @Test(arguments: ["gone.yaml", "/etc/hostname", "../profiles/night.yaml", "active"])
    func `a link that cannot be followed is a fault and not a deactivation`(target: String) async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.link(to: target)
            let status = await bench.loader.reconcile()
            #expect(status.state == .degraded)
            #expect(bench.core.plan.strengths == [3: 2.5])
        }
    }

    @Test func `removing the link takes the steering away`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try bench.unlink("active")
            let status = await bench.loader.reconcile()
            #expect(status.state == .inactive)
            #expect(status.generation == 2)
            #expect(status.applied == nil)
            #expect(bench.core.plan.isUnsteered)
        }
    }

    @Test func `a status that counts beyond all measure does not stop the count`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            let file = StatusFile(in: bench.state)
            var status = await bench.loader.reconcile()
            bench.history.flush()
            status.generation = .max
            try file.write(status)
            let next = await bench.restarted().loader.reconcile()
            #expect(next.generation == 2)
        }
    }

    @Test func `a directory that is gone is a fault and not a deactivation`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            _ = await bench.loader.reconcile()
            try FileManager.default.moveItem(atPath: bench.profiles, toPath: bench.root + "/elsewhere")
            let status = await bench.loader.reconcile()
            #expect(status.state == .degraded)
            #expect(status.reason?.code == DiagnosticCode.directoryGone.code)
            #expect(bench.core.plan.strengths == [3: 2.5])
        }
    }

    @Test func `events alone carry a save, a switch of the link and its removal to the core`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.write(Self.night.replacing("Night", with: "Day").replacing("2.5", with: "-1"), to: "day.yaml")
            try await bench.following {
                try await bench.status { $0.state == .inactive && $0.counters.rescans > 0 }
                try bench.link(to: "night.yaml")
                try await bench.status { $0.applied?.id.map(\.description) == "night" }
                #expect(bench.core.plan.strengths == [3: 2.5])

                try bench.write(Self.night.replacing("2.5", with: "4"), to: "night.yaml")
                try await bench.status { $0.generation == 2 }
                #expect(bench.core.plan.strengths == [3: 4])

                try bench.link(to: "day.yaml")
                try await bench.status { $0.generation == 3 }
                #expect(bench.core.plan.strengths == [3: -1])

                try bench.unlink("active")
                try await bench.status { $0.state == .inactive && $0.generation == 4 }
                #expect(bench.core.plan.isUnsteered)
            }
        }
    }

    @Test func `a file that is replaced by removing it first never takes the steering away`() async throws {
        try await Workbench.with { bench in
            try bench.write(Self.night, to: "night.yaml")
            try bench.link(to: "night.yaml")
            try await bench.following {
                try await bench.status { $0.state == .ok }
                for strength in 1...20 {
                    try bench.unlink("night.yaml")
                    let text = Self.night.replacing("2.5", with: "\(strength)")
                    try text.write(toFile: bench.profiles + "/night.yaml", atomically: false, encoding: .utf8)
                    let status = try await bench.status { $0.applied?.digest == ContentDigest(of: text.utf8) }
                    #expect(status.counters.rejections == 0)
                    #expect(bench.core.plan.strengths == [3: Double(strength)])
                }
            }
        }
    }
}
