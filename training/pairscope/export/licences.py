"""Notices that go with a model's files."""

from __future__ import annotations

_MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
    'documentation files (the "Software"), to deal in the Software without restriction, including without limitation '
    "the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and "
    "to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above "
    "copyright notice and this permission notice shall be included in all copies or substantial portions of the "
    'Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT '
    "LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT "
    "SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION "
    "OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER "
    "DEALINGS IN THE SOFTWARE."
)

EMBEDDED = [
    {
        "of": "Weights, graphs and text files",
        "licence": "MIT",
        "notice": f"Copyright (c) 2026 The Pairscope authors. {_MIT}",
    },
    {
        "of": "Fluent Emoji, the sprites that the weights and the codebook were fitted to",
        "licence": "MIT",
        "notice": f"Copyright (c) Microsoft Corporation. {_MIT}",
    },
    {
        "of": "DejaVu Sans Bold, the letters that the weights and the codebook were fitted to",
        "licence": "Bitstream Vera and Arev licences; DejaVu changes are in the public domain",
        "notice": "Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of "
        "Bitstream, Inc. Copyright (c) 2006 by Tavmjong Bah. All Rights Reserved. The fonts may be used, copied and "
        "embedded freely; they may not be sold by themselves. https://dejavu-fonts.github.io/License.html",
    },
]
