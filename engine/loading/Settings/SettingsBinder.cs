using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Isolation.Messages;
using Actors.Sdk.Text;

namespace Actors.Loading.Settings;

/// <summary>
/// Makes a plugin's own object from its settings. It uses reflection only, because the caches of converters and serializers would keep an
/// unloaded plugin in memory.
/// </summary>
internal sealed class SettingsBinder(SettingsProblems problems)
{
    private const string Unsupported = "is not supported in settings";

    /// <summary>The object; the result means nothing if there are problems.</summary>
    /// <exception cref="NotSupportedException">The plugin's class has a type that settings cannot have.</exception>
    public static object? Bind(Type type, SettingsBody settings, SettingsProblems problems) => new SettingsBinder(problems).ObjectOf(type, settings.Root, "the settings");

    private object? ValueOf(Type declared, SettingNode node, string key)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (SettingValues.Has(type))
            return WordOf(type, node, key);
        if (ItemOf(type, typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>), typeof(Dictionary<,>)) is [var name, var entry])
            return name == typeof(string) ? DictionaryOf(entry, node, key) : throw new NotSupportedException($"a dictionary by {name.Name} {Unsupported}");
        if ((type.IsArray ? [type.GetElementType()!] : ItemOf(type, typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>), typeof(IList<>), typeof(List<>))) is [var item])
            return ListOf(item, node, key, type.IsArray);
        return type is { IsClass: true, IsAbstract: false } && type != typeof(object) ? ObjectOf(type, node, key) : throw new NotSupportedException($"the type {type.Name} {Unsupported}");
    }

    private object? WordOf(Type type, SettingNode node, string key)
    {
        if (node.Text is not { } text || (text.Length == 0 && type != typeof(string)))
            return Wrong(node, $"'{key}' should be a single value, found {SettingsProblems.Kind(node)}");
        var (value, error) = SettingValues.Parse(type, text);
        return error is null ? value : Wrong(node, $"'{key}': {error}, found {SettingsProblems.Kind(node)}");
    }

    private object? ListOf(Type item, SettingNode node, string key, bool array)
    {
        if (node.Items is not { } items)
            return Wrong(node, $"'{key}' should be a list ('[a, b]'), found {SettingsProblems.Kind(node)}");
        var values = Array.CreateInstance(item, items.Count);
        for (var at = 0; at < items.Count; at++)
        {
            if (ValueOf(item, items[at], key) is { } value)
                values.SetValue(value, at);
        }
        return array ? values : Activator.CreateInstance(typeof(List<>).MakeGenericType(item), values);
    }

    private object? DictionaryOf(Type entry, SettingNode node, string key)
    {
        if (node.Keys is not { } keys)
            return Wrong(node, $"'{key}' should be a group of keys, found {SettingsProblems.Kind(node)}");
        var values = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), entry))!;
        foreach (var one in keys)
        {
            if (ValueOf(entry, one.Value, one.Name) is { } value)
                values[one.Name] = value;
        }
        return values;
    }

    private object? ObjectOf(Type type, SettingNode node, string key)
    {
        if (node.Keys is not { } keys)
            return Wrong(node, $"'{key}' should be a group of keys, found {SettingsProblems.Kind(node)}");
        var constructors = type.GetConstructors();
        var constructor = Array.Find(constructors, one => one.GetParameters().Length == 0)
            ?? (constructors is [var only] ? only : throw new NotSupportedException($"the class {type.Name} has several public constructors, all with parameters, which {Unsupported}"));
        var parameters = constructor.GetParameters().ToDictionary(parameter => SettingValues.KeyOf(parameter.Name!));
        var properties = type.GetProperties().Where(property => property is { CanWrite: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !parameters.ContainsKey(SettingValues.KeyOf(property.Name))).ToDictionary(property => SettingValues.KeyOf(property.Name));
        var before = problems.Count;
        FindUnknown(keys, [.. parameters.Keys, .. properties.Keys]);
        FindMissing(keys, node, parameters.Where(parameter => !parameter.Value.HasDefaultValue).Select(parameter => parameter.Key)
            .Concat(properties.Where(property => property.Value.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Key)));
        // Values that are right are checked even if others are wrong, so that all problems are reported at once.
        var arguments = constructor.GetParameters().Select(parameter => ArgumentOf(parameter, keys)).ToList();
        var values = keys.Where(entry => properties.ContainsKey(entry.Name)).Select(entry => (Entry: entry, Read: CheckedOf(properties[entry.Name], properties[entry.Name].PropertyType, entry.Value, entry.Name))).ToList();
        if (arguments.Contains(null))
            return null;
        object? made = null;
        Try(node, "", () => made = constructor.Invoke([.. arguments.Select(argument => argument!.Value)]));
        foreach (var (entry, read) in made is null ? [] : values.Where(value => value.Read is not null))
            Try(entry.Value, $"'{entry.Name}': ", () => properties[entry.Name].SetValue(made, read!.Value));
        return problems.Count == before ? made : null;
    }

    private Read? ArgumentOf(ParameterInfo parameter, IReadOnlyList<SettingEntry> keys)
    {
        var key = SettingValues.KeyOf(parameter.Name!);
        if (keys.FirstOrDefault(entry => entry.Name == key)?.Value is { } value)
            return CheckedOf(parameter, parameter.ParameterType, value, key);
        return parameter.HasDefaultValue ? new Read(DefaultOf(parameter)) : null;
    }

    // A value that fits its type and keeps its rules; null if it does not.
    private Read? CheckedOf(ICustomAttributeProvider member, Type type, SettingNode node, string key)
    {
        var before = problems.Count;
        var value = ValueOf(type, node, key);
        foreach (var rule in problems.Count == before ? member.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>() : [])
        {
            if (!rule.IsValid(value))
                Wrong(node, $"'{key}': {rule.FormatErrorMessage(key)}");
        }
        return problems.Count == before ? new Read(value) : null;
    }

    private static object? DefaultOf(ParameterInfo parameter) => parameter is { DefaultValue: null, ParameterType.IsValueType: true } && Nullable.GetUnderlyingType(parameter.ParameterType) is null
        ? Activator.CreateInstance(parameter.ParameterType)
        : parameter.DefaultValue;

    // A check of the plugin's own.
    private void Try(SettingNode node, string what, Action action)
    {
        try
        {
            action();
        }
        catch (TargetInvocationException error) when (error.InnerException is ArgumentException why)
        {
            Wrong(node, $"{what}{(why.ParamName is { Length: > 0 } name ? why.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : why.Message)}");
        }
    }

    private void FindUnknown(IReadOnlyList<SettingEntry> keys, IReadOnlyList<string> known)
    {
        foreach (var key in keys.Where(key => !known.Contains(key.Name)))
        {
            problems.Add(key, Suggestion.For(key.Name, known) is { } meant
                ? $"unknown key '{key.Name}'; did you mean '{meant}'?"
                : $"unknown key '{key.Name}'; known here: {string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}");
        }
    }

    private void FindMissing(IReadOnlyList<SettingEntry> keys, SettingNode node, IEnumerable<string> required)
    {
        foreach (var key in required.Where(key => keys.All(one => one.Name != key)))
            problems.Add(node, $"'{key}' is missing");
    }

    private static Type[]? ItemOf(Type type, params Type[] generics) => type.IsGenericType && generics.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments() : null;

    private object? Wrong(SettingNode at, string problem)
    {
        problems.Add(at, problem);
        return null;
    }

    private sealed record Read(object? Value);
}
