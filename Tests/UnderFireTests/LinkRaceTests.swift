import MillmTesting
import Testing

/// Whoever moves `active` with other programs asks for no lock, and may do it in the middle of a command.
@Suite(.serialized) struct LinkRaceTests {
    @Test(arguments: [
        ("delete day", until: "! -e day.yaml", "ln -sfn day.yaml active", "day.yaml"),
        ("delete day", until: "! -e day.yaml", "rm active; echo day > active", "day.yaml"),
        ("rename day noon", until: "-e noon.yaml", "ln -sfn day.yaml active", "noon.yaml"),
        ("rename day noon", until: "-e noon.yaml", "rm active; echo day > active", "noon.yaml"),
    ])
    func `a link that moves in the middle of a command is never left dangling`(
        command: String,
        until condition: String,
        move: String,
        active: String
    ) async throws {
        try await withTemporaryDirectory { root in
            try await shell("mkdir profiles outside", in: root)
            try await shell(WritingCommand.directory, in: root + "/profiles")
            // The command rests behind the renaming, before it can look at the link again.
            let script = """
                strace -f -qq -o ../trace -e trace=renameat2 -e inject=renameat2:signal=SIGSTOP:when=1 \\
                    "$MILLM" --profiles . \(command) &
                for ((i = 0; i < 3000; i++)); do [ \(condition) ] && break; sleep 0.01; done
                [ \(condition) ] || exit 99
                \(move)
                kill -CONT $(cat /proc/$!/task/$!/children)
                wait $!
                """
            let outcome = try await run(
                ["/bin/bash", "-c", script],
                in: root + "/profiles",
                environment: ["MILLM": Products.millm, "XDG_STATE_HOME": root + "/state"]
            )
            let isRefused = command.hasPrefix("delete")
            #expect(outcome.status == (isRefused ? 1 : 0), "\(outcome.output)")
            #expect(outcome.output.contains("is the active profile") == isRefused, "\(outcome.output)")
            let listed = try await shell(
                "\"$MILLM\" --profiles . list --format json",
                in: root + "/profiles",
                environment: ["MILLM": Products.millm]
            )
            let left = try Tree(root + "/profiles")
            #expect(left.description.contains(active), "\(left)")
            #expect(listed.contains(#""is_active": true"#), "\(listed)\(left)")
            #expect(left.temporaries.isEmpty)
        }
    }

    @Test(arguments: [
        // A profile's bytes that become a new one, and those of one that is there.
        ("repair --yes", prepare: "rm active; sed s/2.5/3.5/ night.yaml > active"),
        ("repair --yes", prepare: "rm active; cp night.yaml active"),
        ("activate day", prepare: "true"),
        ("rename night owl", prepare: "true"),
    ])
    func `what is saved at the link in the middle of a command is not lost`(
        command: String,
        prepare: String
    ) async throws {
        try await withTemporaryDirectory { root in
            let environment = ["MILLM": Products.millm, "XDG_STATE_HOME": root + "/state"]
            try await shell("mkdir profiles outside", in: root)
            try await shell(WritingCommand.directory + "\n" + prepare, in: root + "/profiles")
            // The command rests before the new link gets its name.
            let script = """
                strace -f -qq -o ../trace -e trace=symlinkat -e inject=symlinkat:signal=SIGSTOP:when=1 \\
                    "$MILLM" --profiles . \(command) &
                for ((i = 0; i < 3000; i++)); do [ -L .millm-active ] && break; sleep 0.01; done
                [ -L .millm-active ] || exit 99
                sed 's/2.5/7777/' *[tl].yaml > ../saved
                mv ../saved active
                kill -CONT $(cat /proc/$!/task/$!/children)
                wait $!
                """
            let outcome = try await run(["/bin/bash", "-c", script], in: root + "/profiles", environment: environment)
            #expect(outcome.status != 99, "\(outcome.output)")
            #expect(try Tree(root + "/profiles").temporaries.isEmpty)
            try await shell("grep -q 7777 active", in: root + "/profiles")
        }
    }
}
