"use strict";

throw new Error("the list of allowed regions is missing");
