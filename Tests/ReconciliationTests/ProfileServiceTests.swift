import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing
import YAML

@Suite struct ProfileServiceTests {
    private func service(_ bench: Workbench) throws -> ProfileService {
        try bench.write("version: 1\nname: Deep Night\nsteering:\n  3: 2.5\n", to: "night.yaml")
        try bench.write("version: 1\nname: night\nsteering:\n  4: 1\n", to: "dusk.yaml")
        try bench.write("version: 1\nname: Far\nsteering:\n  16: 1\n", to: "far.yaml")
        try bench.write("version: 1\nname: [Broken]\n", to: "broken.yaml")
        return ProfileService(
            repository: DirectoryRepository(path: bench.profiles),
            core: bench.core,
            sae: bench.sae,
            controller: bench.loader
        )
    }

    @Test func `a profile is found by its id first and by its display name else`() async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            #expect(try await service.plan(for: "night").strengths == [3: 2.5])
            #expect(try await service.plan(for: "Deep Night").strengths == [3: 2.5])
            #expect(try await service.plan(for: "dusk").strengths == [4: 1])
        }
    }

    @Test func `a plan tells the file that it was made from`() async throws {
        try await Workbench.with { bench in
            let plan = try await service(bench).plan(for: "night")
            #expect(plan.origin?.profile.description == "night")
            #expect(
                plan.origin?.digest == ContentDigest(of: "version: 1\nname: Deep Night\nsteering:\n  3: 2.5\n".utf8)
            )
        }
    }

    @Test(arguments: [
        ("nobody", ProfileError.Code.notFound), ("../night", .notFound), ("", .notFound),
        ("far", .incompatible), ("broken", .invalidFormat),
    ])
    func `a name that gives no plan is refused with its reason`(name: String, code: ProfileError.Code) async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            let error = await #expect(throws: ProfileError.self) { try await service.plan(for: name) }
            #expect(error?.code == code)
        }
    }

    @Test func `a file that is being replaced is looked for again`() async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            let clock = ContinuousClock()
            let took = await clock.measure { _ = try? await service.plan(for: "nobody") }
            #expect(took >= ProfileLoader.settlingTime)

            let start = clock.now
            async let late = try? service.plan(for: "late")
            try bench.write("version: 1\nname: Late\nsteering:\n  5: 1\n", to: "late.yaml")
            let isInTime = clock.now - start < ProfileLoader.settlingTime
            let plan = await late
            if isInTime { #expect(plan?.strengths == [5: 1]) }
        }
    }

    @Test func `no profile is active after all are deactivated`() async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            let none = try await service.deactivateAll()
            #expect(!none.isCleared)
            _ = try await service.activate(ProfileID("night"))
            let all = try await service.deactivateAll()
            #expect(all.isCleared)
            #expect(try await service.activeID() == nil)
            #expect(bench.core.plan.isUnsteered)
        }
    }

    @Test func `what does not fit is told in a sentence for each mismatch`() async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            let text = "version: 1\nname: All\nmodel: GPT-2\nsae: other\nlayer: 3\nsteering: {1: 1, 16: 1, 99: 1}\n"
            try bench.write(text, to: "all.yaml")
            let mismatches = try await service.mismatches(of: ProfileID("all"))
            #expect(
                mismatches.map(\.sentence) == [
                    "The profile is for the model 'GPT-2'; 'Echo-1B' is loaded.",
                    "The profile is for the SAE 'other'; 'tiny-sae' is attached.",
                    "The profile is for layer 3; the SAE 'tiny-sae' is for layer 2.",
                    "Feature 16 does not exist; the SAE 'tiny-sae' has features 0 to 15.",
                    "Feature 99 does not exist; the SAE 'tiny-sae' has features 0 to 15.",
                ]
            )
            #expect(mismatches.map { $0.location.range?.start.line } == [3, 4, 5, 6, 6])
            #expect(try await service.mismatches(of: ProfileID("night")).isEmpty)
            let error = await #expect(throws: ProfileError.self) { try await service.activate(ProfileID("all")) }
            #expect(error?.message == mismatches.map(\.sentence).joined(separator: " "))
        }
    }

    @Test func `of many mismatches the message tells ten, and the error knows all`() async throws {
        try await Workbench.with { bench in
            let features = (16..<1040).map { "  \($0): 1" }.joined(separator: "\n")
            try bench.write("version: 1\nname: Many\nsteering:\n\(features)\n", to: "many.yaml")
            let service = try service(bench)
            let error = await #expect(throws: ProfileError.self) { try await service.activate(ProfileID("many")) }
            #expect(error?.diagnostics.count == 1024)
            #expect(error?.message.hasSuffix(" There are 1014 more.") == true)
        }
    }

    @Test func `files alone are enough to create, change, export and import`() async throws {
        try await Workbench.with { bench in
            let service = ProfileService(repository: DirectoryRepository(path: bench.profiles))
            let file = try await service.create(name: "Dusk", ProfileChanges(steering: [1: 2])).file
            let written = try await service.update(file.id, ProfileChanges(layer: 2), expecting: file.digest)
            #expect(written.file.profile?.layer == 2)
            #expect(written.warnings.isEmpty)
            let bytes = try await service.export(file.id, as: .flat, at: .now())
            try await service.delete(file.id, expecting: written.file.digest)
            let source = ProfileImport.Source(name: "dusk.json", bytes: bytes)
            let imported = try await service.importAll([source], replacing: false)
            #expect(imported.map(\.file.profile) == [written.file.profile])
            #expect(imported.map(\.isNew) == [true])
            // There is nothing that could be steered.
            #expect(service.currentSteering == nil)
            let error = await #expect(throws: ProfileError.self) { try await service.steer(by: [1: 1]) }
            #expect(error?.code == .saeNotAttached)
        }
    }
}
