using System.Globalization;

namespace Actors.Xs;

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The options and the other arguments of a command.</summary>
internal sealed class Arguments
{
    private readonly HashSet<char> _flags = [];

    /// <summary>The arguments that are not options.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>The number of option <c>-n</c>.</summary>
    public int? Count { get; private set; }

    public bool Has(char flag) => _flags.Contains(flag);

    /// <summary>Parses a command line.</summary>
    /// <param name="words">The words after the command.</param>
    /// <param name="options">The letters of the options that the command has. <c>n</c> takes a number.</param>
    /// <exception cref="UsageException">An option is unknown or has no valid number.</exception>
    public static Arguments Parse(IEnumerable<string> words, string options)
    {
        var arguments = new Arguments();
        var queue = new Queue<string>(words);
        var onlyPaths = false;
        while (queue.TryDequeue(out var word))
            if (onlyPaths || word.Length < 2 || word[0] != '-')
                arguments.Paths.Add(word);
            else if (word == "--")
                onlyPaths = true;
            else
                arguments.AddFlags(word, options, queue);
        return arguments;
    }

    private void AddFlags(string word, string options, Queue<string> rest)
    {
        foreach (var flag in word.AsSpan(1))
        {
            // -s, a socket, is the only way that this program has.
            if (!options.Contains(flag) && flag != 's')
                throw new UsageException($"the option '{Text.Escape(word)}' is unknown");
            _flags.Add(flag);
            if (flag != 'n')
                continue;
            Count = rest.TryDequeue(out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw new UsageException("-n needs a number");
        }
    }
}
