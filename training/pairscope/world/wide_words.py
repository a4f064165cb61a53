"""Words of the wide world: its phrasings, other names of things, and emoji, as the tokenizer reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path

FRAMES = (
    "{}", "{}", "{}", "{}", "{}", "a photo of {}", "a picture of {}", "an image of {}", "a color photo of {}", "an illustration of {}",
    "draw {}", "show me {}", "i want {}", "my {bare}", "here {be} {}", "there {be} {}",
)  # fmt: skip
RELATIONS: dict[str, tuple[str, ...]] = {
    "left": ("to the left of", "left of", "on the left of", "left to"),
    "right": ("to the right of", "right of", "on the right of", "right to"),
    "above": ("above", "over", "on top of", "on", "sitting on", "standing on"),
    "below": ("below", "under", "beneath", "underneath"),
}
SIDES: dict[str, tuple[str, str]] = {
    "left": ("on the left", "on the right"), "right": ("on the right", "on the left"),
    "above": ("at the top", "at the bottom"), "below": ("at the bottom", "at the top"),
}  # fmt: skip
# {} is the whole phrase, {bare} the phrase without its article.
STYLES: dict[str, tuple[str, ...]] = {
    "3d": ("3d {bare}", "a 3d render of {}", "a 3d model of {}", "{} in 3d", "{}, 3d", "a 3d {bare}"),
    "flat": ("flat {bare}", "a flat illustration of {}", "a flat icon of {}", "{} in flat style", "{}, flat", "a flat design of {}"),
    "line": ("line drawing of {}", "a line drawing of {}", "a sketch of {}", "a pencil drawing of {}", "{}, line art", "an outline of {}", "a black outline of {}"),
    "chalk": ("chalk {bare}", "a chalk drawing of {}", "{} in chalk", "{}, chalk", "{} drawn with chalk", "a chalkboard drawing of {}"),
    "pixel": ("pixel art {bare}", "pixel art of {}", "{}, pixel art", "a pixel {bare}", "pixelated {bare}", "8 bit {bare}"),
    "sepia": ("sepia {bare}", "a sepia photo of {}", "{}, sepia", "{} in sepia", "an old photo of {}"),
    "mono": ("black and white {bare}", "a black and white photo of {}", "{}, black and white", "{} in black and white", "a mono photo of {}"),
    "neon": ("neon {bare}", "a neon {bare}", "{}, neon", "{} in neon", "a neon sign of {}", "a glowing neon {bare}"),
    "cartoon": ("cartoon {bare}", "a cartoon of {}", "{}, cartoon", "{} in cartoon style", "a cartoon {bare}", "a drawing of {}"),
    "sticker": ("sticker of {}", "a sticker of {}", "{}, sticker", "clipart of {}", "a clipart {bare}"),
}
PLACES: dict[str, tuple[str, ...]] = {
    "grass": ("on the grass", "on grass", "in the grass", "in a meadow", "in a field", "in the garden", "in a park"),
    "beach": ("on the beach", "on a beach", "at the beach", "by the sea", "on the sand", "at the ocean"),
    "snow": ("in the snow", "in snow", "on snow", "in winter", "on the ice"),
    "space": ("in space", "in outer space", "in the galaxy", "among the stars"),
    "sunset": ("at sunset", "during sunset", "in the evening", "at sunrise"),
    "night": ("at night", "in the night", "at midnight", "under the moon"),
}
SIGNS = (
    "that says {}", "that says {}", "saying {}", "that reads {}", "reading {}", "with the text {}", "with the word {}", "with the letters {}", "with {} on it",
    "with {}", "with {} written on it", "{}",
)  # fmt: skip
NOT_WORN = ("without {a}", "with no {bare}", "not wearing {a}", "not wearing any {bare}", "who is not wearing {a}", "no {bare}", "has no {bare}")
WORN = ("wearing {a}", "with {a}", "with {a} on", "in {a}", "who wears {a}", "that has {a}", "with {a} on its head")
ONLY = ("one", "a single", "just one", "only one", "exactly one", "1")
SEVERAL = ("", "", "some", "several", "many", "a few", "lots of")
JOINTS = ("and", "and", "and", "with", "next to", "beside", "near", "plus")
_OTHER_WORDS = "stripes dots letters but and is are it its that which the of in a an one with not no any who has just only exactly pair two both colored color i we you this these those thing sign chalkboard side head for at by".split()
HIDDEN_WORD = "thing"  # stands for a noun or a colour that a caption leaves open


def words() -> set[str]:
    """Every word of these phrasings."""
    tables = (RELATIONS, SIDES, STYLES, PLACES)
    phrases = [phrase for table in tables for group in table.values() for phrase in group]
    text = " ".join([*phrases, *FRAMES, *SIGNS, *NOT_WORN, *WORN, *ONLY, *SEVERAL, *JOINTS])
    return {word for word in re.findall(r"[a-z0-9]+", re.sub(r"{\w*}", " ", text))} | set(_OTHER_WORDS)


# A word that the tokenizer reads as another one. Plurals of nouns follow from ``_SAME``.
_SAME: dict[str, str] = {
    "cat": "kitten kitty pussycat", "dog": "puppy doggy pup hound", "rabbit": "hare", "mouse": "rat", "child": "kid toddler",
    "man": "guy gentleman person dude", "woman": "lady", "boy": "lad", "girl": "lass", "baby": "infant", "car": "automobile auto",
    "bicycle": "bike", "motorcycle": "motorbike", "boat": "sailboat", "plane": "aeroplane jet aircraft", "train": "locomotive",
    "bus": "coach", "truck": "lorry van", "ufo": "spaceship", "rocket": "spacecraft", "horse": "pony stallion", "pig": "piglet hog",
    "cow": "bull ox", "chicken": "hen rooster", "sheep": "lamb", "dinosaur": "dino", "crocodile": "alligator", "wolf": "coyote", "bear": "grizzly",
    "monkey": "ape chimp", "duck": "duckling", "eagle": "hawk falcon", "bird": "sparrow robin", "sofa": "couch", "television": "tv", "phone": "smartphone",
    "computer": "pc", "cup": "mug coffee", "bread": "loaf", "burger": "cheeseburger", "cake": "cupcake", "candy": "sweet", "donut": "bagel", "gift": "parcel",
    "house": "home cottage hut", "castle": "palace fortress", "church": "chapel", "mountain": "hill", "tree": "oak", "flower": "blossom daisy",
    "gem": "jewel", "shirt": "tshirt tee", "hat": "fedora", "cap": "beanie", "shoe": "sneaker trainer", "bag": "purse", "glasses": "sunglasses spectacles shades goggles",
    "bulb": "lightbulb", "sword": "dagger blade", "squirrel": "chipmunk", "deer": "stag reindeer", "ghost": "spirit", "teddy": "plushie", "face": "smiley emoji",
    "robot": "android bot", "snake": "serpent cobra", "frog": "toad", "fire": "bonfire campfire", "plant": "houseplant", "clock": "alarm", "knife": "dagger",
    "picture": "photograph pic", "photo": "snapshot", "gray": "grey silver", "purple": "violet lilac", "yellow": "golden gold", "orange": "amber",
    "red": "crimson scarlet", "blue": "azure navy cyan", "green": "lime emerald", "pink": "magenta", "brown": "tan beige", "black": "dark",
    "big": "giant enormous gigantic massive", "small": "mini miniature teeny", "dotted": "polkadot dotty", "striped": "stripy stripey",
    "sign": "poster banner signboard billboard", "thing": "something object anything", "without": "lacking minus", "wearing": "wears", "letters": "letter", "dots": "spots",
    "sepia": "vintage", "mono": "monochrome grayscale greyscale", "night": "nighttime", "sunset": "dusk sundown", "beneath": "underneath",
}  # fmt: skip
# Two words that are read as one.
COMPOUNDS: dict[str, str] = {
    "ice cream": "icecream", "ice creams": "icecreams", "hot dog": "hotdog", "hot dogs": "hotdogs", "teddy bear": "teddy", "teddy bears": "teddies",
    "top hat": "hat", "soccer ball": "ball", "french fries": "fries", "t shirt": "shirt", "t shirts": "shirts", "polka dot": "dotted", "polka dotted": "dotted",
    "light bulb": "bulb", "light bulbs": "bulbs", "palm tree": "palm", "palm trees": "palms", "birthday cake": "cake", "mobile phone": "phone", "cell phone": "phone",
    "clip art": "clipart", "alarm clock": "clock", "cup of coffee": "cup", "cups of coffee": "cups", "cup of tea": "cup", "cups of tea": "cups",
}  # fmt: skip
_UNCOUNTED = frozenset("gray purple yellow orange red blue green pink brown black big small dotted striped without wearing sepia mono night sunset beneath glasses".split())
_IRREGULAR = {"puppy": "puppies", "kitty": "kitties", "doggy": "doggies", "lady": "ladies", "pony": "ponies", "person": "people", "lorry": "lorries", "daisy": "daisies", "loaf": "loaves", "gentleman": "gentlemen", "coach": "coaches", "lass": "lasses", "blossom": "blossoms", "toad": "toads", "ox": "oxen", "aircraft": "aircraft", "smiley": "smileys"}  # fmt: skip
_EMOJI: dict[str, str] = json.loads((Path(__file__).parent / "emoji.json").read_text())


def aliases(plurals: dict[str, str]) -> dict[str, str]:
    """Word or emoji -> the word it is read as; ``plurals`` has the plural of every noun."""
    found: dict[str, str] = dict(_EMOJI)
    for word, others in _SAME.items():
        for other in others.split():
            found.setdefault(other, word)
            if word not in _UNCOUNTED:
                found.setdefault(_IRREGULAR.get(other, f"{other}s"), plurals.get(word, f"{word}s"))
    return found
