using System.Globalization;
using Actors.Fuzz;

IFuzzTarget[] targets =
[
    .. typeof(IFuzzTarget).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IFuzzTarget)) && type is { IsClass: true, IsAbstract: false })
        .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!)
        .OrderBy(target => target.Name, StringComparer.Ordinal),
];
var name = args.Length > 0 ? args[0] : "all";
var chosen = Array.FindAll(targets, target => name == "all" || target.Name == name);
if (chosen.Length == 0 || !TryRead(1, 60, out var seconds) || !TryRead(2, 1, out var seed))
{
    await Console.Error.WriteLineAsync($"usage: run [TARGET|all [SECONDS [SEED]]]; targets: {string.Join(", ", targets.Select(target => target.Name))}");
    return 2;
}
var failed = false;
foreach (var target in chosen)
    failed |= !await FuzzAsync(target, TimeSpan.FromSeconds(seconds), seed);
return failed ? 1 : 0;

bool TryRead(int index, int otherwise, out int number)
{
    number = otherwise;
    return args.Length <= index || int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

static async Task<bool> FuzzAsync(IFuzzTarget target, TimeSpan time, int seed)
{
    var random = new Random(seed);
    var mutator = new Mutator(random, target.Tokens);
    var corpus = target.Seeds.ToList();
    var behaviours = new HashSet<int>();
    var start = TimeProvider.System.GetTimestamp();
    var runs = 0L;
    for (; TimeProvider.System.GetElapsedTime(start) < time; runs++)
    {
        var input = runs < target.Seeds.Count
            ? target.Seeds[(int)runs]
            : mutator.Mutate(corpus[random.Next(corpus.Count)], corpus[random.Next(corpus.Count)]);
        try
        {
            if (behaviours.Add(target.Run(input)) && runs >= target.Seeds.Count)
                corpus.Add(input);
        }
        catch (Exception finding)
        {
            Directory.CreateDirectory("findings");
            var file = Path.Combine("findings", $"{target.Name}-{seed}-{runs}");
            await File.WriteAllBytesAsync(file, input);
            await Console.Out.WriteLineAsync($"{target.Name}: a finding after {runs:N0} inputs, in tests/fuzz/{file}: {finding}");
            return false;
        }
    }
    await Console.Out.WriteLineAsync($"{target.Name}: {runs:N0} inputs, {behaviours.Count:N0} behaviours, no finding");
    return true;
}
