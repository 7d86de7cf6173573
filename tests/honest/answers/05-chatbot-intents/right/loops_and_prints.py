# case: loops_and_prints
# style: beginner's loops, many variables, prints inside functions, the history from model.history
# borderline: returns model.history, which Keras sets to the same History object that fit returns

# %% build_model
def build_model(vocabulary_size, n_intents):
    numbers_per_word = 16
    print("vocabulary:", vocabulary_size, "intents:", n_intents)
    model = keras.Sequential()
    layer_list = []
    layer_list.append(keras.Input((SENTENCE_LENGTH,)))
    layer_list.append(keras.layers.Embedding(vocabulary_size, numbers_per_word))
    layer_list.append(keras.layers.GlobalAveragePooling1D())
    layer_list.append(keras.layers.Dense(n_intents, activation="softmax"))
    for i in range(len(layer_list)):
        model.add(layer_list[i])
    model.summary()
    return model


# %% compile_model
def compile_model(model):
    my_optimizer = keras.optimizers.Adam(learning_rate=0.01)
    my_loss = "sparse_categorical_crossentropy"
    my_metrics = []
    my_metrics.append("accuracy")
    model.compile(optimizer=my_optimizer, loss=my_loss, metrics=my_metrics)
    print("compiled")
    return model


# %% train_model
def train_model(model, x, y, epochs):
    model.fit(x, y, epochs=epochs)
    print("trained", epochs, "epochs")
    return model.history


# %% reply
def reply(model, sentence):
    list_of_one = []
    list_of_one.append(sentence)
    probabilities = model.predict(vectorize(list_of_one), verbose=0)[0]
    best = 0
    for i in range(len(probabilities)):
        if probabilities[i] > probabilities[best]:
            best = i
    print("intent", best, "with", probabilities[best])
    answer = REPLIES[best]
    return answer

